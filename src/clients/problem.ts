import type { Path } from '../guideline/source-file.ts';

/** Says where in the clients file something is wrong with a client: the path begins at the client. */
export type Problem = (path: Path, what: string) => string;
