import type { Problem } from '../../src/clients/problem.ts';

/** A problem without file and line. */
export const problem: Problem = (path, what) => `/${path.join('/')} ${what}`;
