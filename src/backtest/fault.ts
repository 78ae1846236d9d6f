import { ExportError } from './export-files.ts';
import { WorkFolderError } from './work-folder.ts';

/**
 * What went wrong, in words that hold nothing of a patient: our own and the system's are told as they are; of any other error
 * the name and the place alone, since its message may quote what was read.
 */
export function faultOf(error: unknown): string {
  if (error instanceof ExportError || error instanceof WorkFolderError) return error.message;
  if (!(error instanceof Error)) return 'Something failed';
  if ('syscall' in error) return error.message;
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return `${error.name}${place === undefined ? '' : ` ${place.trim()}`}`;
}
