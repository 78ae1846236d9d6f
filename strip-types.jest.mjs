import { stripTypeScriptTypes } from 'node:module';
import { transformSync } from 'esbuild';

/**
 * Runs tests on exactly what production runs: Node's own type stripping, positions preserved. What has JSX in it is for browsers, and
 * goes through what makes it ready for them.
 */
export default {
  process(source, path) {
    if (!path.endsWith('.tsx')) return { code: stripTypeScriptTypes(source) };
    const { code } = transformSync(source, {
      loader: 'tsx',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      sourcefile: path,
      sourcemap: 'inline',
    });
    return { code };
  },
};
