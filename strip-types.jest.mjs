import { stripTypeScriptTypes } from 'node:module';

/** Runs tests on exactly what production runs: Node's own type stripping, positions preserved. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
