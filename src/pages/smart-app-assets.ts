import type express from 'express';
import type { Asset, BundleFault, SmartAppBundle } from './smart-app-bundle.ts';

/** A year: under a name that has its hash, a file never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

/** The app's files; undefined: they could not be made. */
export type SmartAppFiles = () => Promise<SmartAppBundle | undefined>;

/** Makes the bundle when it is first asked for, and once. Why it could not be made is told once too. */
export function bundledOnce(
  bundle: () => Promise<SmartAppBundle | BundleFault>,
  onFault: (problems: readonly string[]) => void,
): SmartAppFiles {
  let made: Promise<SmartAppBundle | undefined> | undefined;
  const make = async (): Promise<SmartAppBundle | undefined> => {
    const built = await bundle();
    if (!('problems' in built)) return built;
    onFault(built.problems);
    return undefined;
  };
  return () => {
    made ??= make();
    return made;
  };
}

/** Serves a file of the app by its name; any other name is not found. */
export function smartAppAssets(files: SmartAppFiles): express.RequestHandler<{ name: string }> {
  return async (request, response, next) => {
    const bundle = await files();
    const asset = bundle && Object.values<Asset>({ ...bundle }).find(({ name }) => name === request.params.name);
    if (asset === undefined) {
      next();
      return;
    }
    response.setHeader('Cache-Control', FOREVER);
    response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.type(asset.type).send(asset.content);
  };
}
