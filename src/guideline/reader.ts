import { Ajv, type AnySchema, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type GuidelineFiles, type Located, parseSource, schemaProblems } from './source-file.ts';

/** Files in the root of the cards folder that are not cards. */
export const NOT_CARDS: ReadonlySet<string> = new Set([
  'guideline.yaml',
  'sources.yaml',
  'statements.yaml',
  'drugs.yaml',
  'override-reasons.yaml',
  'settings.yaml',
  'outcomes.yaml',
  'education.yaml',
  'contacts.yaml',
]);

const FOLDER = 'schema/';

interface Compiler {
  readonly ajv: Ajv;
  /** By file name, what is wrong with a schema that is no JSON. */
  readonly broken: ReadonlyMap<string, string>;
}

/** Every client's guideline is checked against the same schemas, and to compile them is most of the work. */
const compilers = new Map<string, Compiler>();
const MOST_COMPILERS = 4;

function compilerFor(schemas: readonly (readonly [name: string, text: string])[]): Compiler {
  const key = JSON.stringify(schemas);
  const known = compilers.get(key);
  if (known !== undefined) return known;
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false });
  addFormats.default(ajv, ['date', 'uri']);
  const broken = new Map<string, string>();
  for (const [name, text] of schemas) {
    try {
      // Known by its file name, so that one schema can refer to another.
      ajv.addSchema(JSON.parse(text) as AnySchema, name);
    } catch (error) {
      broken.set(name, (error as Error).message);
    }
  }
  if (compilers.size >= MOST_COMPILERS) compilers.clear();
  compilers.set(key, { ajv, broken });
  return { ajv, broken };
}

/** The JSON Schemas of the cards folder, each compiled on first use. */
export class Schemas {
  readonly #folderName: string;
  readonly #compiler: Compiler;

  /** `folderName` is what problems call the cards folder, with a slash at its end. */
  constructor(files: GuidelineFiles, folderName: string) {
    this.#folderName = folderName;
    this.#compiler = compilerFor(
      [...files].flatMap(([path, text]) =>
        path.startsWith(FOLDER) ? [[path.slice(FOLDER.length), text] as const] : [],
      ),
    );
  }

  /** The schema `<name>.schema.json`, or what is wrong with it. */
  find(name: string): ValidateFunction | string {
    const file = `${name}.schema.json`;
    const place = `${this.#folderName}${FOLDER}${file}`;
    const { ajv, broken } = this.#compiler;
    const fault = broken.get(file);
    if (fault !== undefined) return `${place}: is no JSON Schema: ${fault}`;
    try {
      return ajv.getSchema(file) ?? `${place}: missing`;
    } catch (error) {
      return `${place}: is no JSON Schema: ${(error as Error).message}`;
    }
  }
}

/** Reads the files of one folder against their schemas; problems are collected, not thrown. */
export class Reader {
  /** What problems call the folder, with a slash at its end. */
  readonly folderName: string;
  readonly files: GuidelineFiles;
  readonly #schemas: Schemas;
  readonly #problems: string[];

  constructor(folderName: string, files: GuidelineFiles, schemas: Schemas, problems: string[]) {
    this.folderName = folderName;
    this.files = files;
    this.#schemas = schemas;
    this.#problems = problems;
  }

  /** Says that something is wrong, with its place. */
  report(...problems: readonly string[]): void {
    this.#problems.push(...problems);
  }

  /** Says that something is wrong with a file as a whole. */
  fault(path: string, what: string): void {
    this.report(`${this.folderName}${path}: ${what}`);
  }

  /** A file that has to be there. */
  required<Content>(path: string, schema: string): Located<Content> | undefined {
    if (!this.files.has(path)) this.fault(path, 'missing');
    return this.optional(path, schema);
  }

  optional<Content>(path: string, schema: string): Located<Content> | undefined {
    const text = this.files.get(path);
    if (text === undefined) return undefined;
    const parsed = parseSource(this.folderName + path, text);
    if ('problems' in parsed) {
      this.#problems.push(...parsed.problems);
      return undefined;
    }
    const validate = this.#schemas.find(schema);
    if (typeof validate === 'string') {
      if (!this.#problems.includes(validate)) this.#problems.push(validate);
      return undefined;
    }
    if (validate(parsed.content)) return parsed as Located<Content>;
    this.#problems.push(...schemaProblems(parsed, validate.errors ?? [], 'cannot be changed by an overlay'));
    return undefined;
  }

  /** The valid files right in a folder (`''`, or with a slash at its end) by path, but for those named. */
  folder<Content>(
    folder: string,
    ending: string,
    schema: string,
    except: ReadonlySet<string> = new Set(),
  ): readonly (readonly [string, Located<Content>])[] {
    return this.paths(folder, ending)
      .filter((path) => !path.slice(folder.length).includes('/') && !except.has(path))
      .flatMap((path) => {
        const content = this.optional<Content>(path, schema);
        return content === undefined ? [] : [[path, content] as const];
      });
  }

  /** The files in a folder and below it. */
  paths(folder: string, ending: string): readonly string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(folder) && path.endsWith(ending)).toSorted();
  }
}
