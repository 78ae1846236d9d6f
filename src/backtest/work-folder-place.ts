import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode } from '../guideline-folder.ts';
import { WorkFolderError } from './work-folder.ts';

const PLAN = 'plan.json';
/** Of another shard that is writing the plan at this moment. */
const PART_OF_PLAN = /^plan\.json\.part-\d+-\d+$/;

/**
 * A run writes into its working folder and deletes there: it is a folder of its own, empty or with a plan, and apart from the export.
 *
 * @throws {WorkFolderError} that says why this one is not
 */
export function requireOwnPlace(folder: string, inputs: readonly string[]): void {
  const place = realPlace(folder);
  for (const input of inputs) {
    const other = realPlace(input);
    if (isWithin(place, other) || isWithin(other, place))
      throw new WorkFolderError(
        `The working folder ${folder} and the export ${input} must lie apart: name a folder elsewhere with --work`,
      );
  }
  const foreign = namesIn(folder).find((name) => !PART_OF_PLAN.test(name));
  if (foreign !== undefined && !existsSync(join(folder, PLAN)))
    throw new WorkFolderError(
      `${folder} is not empty, and holds no work that was begun: name a new or empty folder with --work`,
    );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new WorkFolderError(`${folder} cannot be used as the working folder (${errorCode(error)})`);
  }
}

/** Without links; of what is not there yet, the place where it would be. */
function realPlace(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const above = dirname(whole);
    return above === whole ? whole : join(realPlace(above), basename(whole));
  }
}

/** In the folder, or the folder itself. */
function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
