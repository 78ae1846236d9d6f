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
]);

/** The JSON Schemas of the cards folder, each compiled on first use. */
export class Schemas {
  readonly #folderName: string;
  readonly #ajv = new Ajv({ allErrors: true, allowUnionTypes: true, strictRequired: false });
  readonly #broken = new Map<string, string>();

  /** `folderName` is what problems call the cards folder, with a slash at its end. */
  constructor(files: GuidelineFiles, folderName: string) {
    this.#folderName = folderName;
    addFormats.default(this.#ajv, ['date', 'uri']);
    for (const [path, text] of files) {
      const [, name] = /^schema\/(.+)$/.exec(path) ?? [];
      if (name === undefined) continue;
      try {
        // Known by its file name, so that one schema can refer to another.
        this.#ajv.addSchema(JSON.parse(text) as AnySchema, name);
      } catch (error) {
        this.#broken.set(name, (error as Error).message);
      }
    }
  }

  /** The schema `<name>.schema.json`, or what is wrong with it. */
  find(name: string): ValidateFunction | string {
    const file = `${name}.schema.json`;
    const place = `${this.#folderName}schema/${file}`;
    const broken = this.#broken.get(file);
    if (broken !== undefined) return `${place}: is no JSON Schema: ${broken}`;
    try {
      return this.#ajv.getSchema(file) ?? `${place}: missing`;
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
