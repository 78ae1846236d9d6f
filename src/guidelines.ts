import { chartQueries } from './chart/queries.ts';
import type { ResourceKey } from './chart/reading.ts';
import { readClients, serverKey } from './clients.ts';
import type { Guideline } from './guideline/guideline.ts';
import { GuidelineError, loadGuideline } from './guideline/load.ts';
import type { Overlay } from './guideline/overlay.ts';
import { CARDS_FOLDER, errorCode, readGuidelineFolder } from './guideline-folder.ts';

/** The guideline as each client gets it, all of it loaded and checked. */
export interface Guidelines {
  /** For calls of no known client: the cards folder and the overlay for everyone. */
  readonly standard: Guideline;
  /** Those of the clients with an overlay of their own. */
  readonly ofClients: readonly { readonly client: string; readonly guideline: Guideline }[];
  /** By the name of its client; everyone's without one. For the pages that explain a card. */
  readonly ofSite: (site: string | undefined) => Guideline | undefined;
  /** The client whose own guideline this is. */
  readonly siteOf: (guideline: Guideline) => string | undefined;
  /** The guideline for a call that names this FHIR server. It chooses wording, and grants nothing. */
  readonly forServer: (fhirServer: string | undefined) => Guideline;
  /** One discovery serves everyone, so that the queries ask for the codes of every client. */
  readonly queries: Readonly<Record<ResourceKey, string>>;
}

/** Where the overlays are. */
export interface SiteFiles {
  /** Laid over the guideline for every client. */
  readonly overlayDir?: string | undefined;
  readonly clientsFile?: string | undefined;
}

/**
 * Reads and compiles the guideline of everyone, once, at start.
 *
 * @throws {GuidelineError} that names everything that is wrong in any of the files, so that nothing is ever applied in part.
 */
export function loadGuidelines({ overlayDir, clientsFile }: SiteFiles = {}): Guidelines {
  const problems: string[] = [];
  const cards = readGuidelineFolder(CARDS_FOLDER);
  const forEveryone = overlayDir === undefined ? [] : overlayAt(overlayDir, problems);
  const standard = load(forEveryone);
  const read = clientsFile === undefined ? { clients: [] } : readClients(clientsFile);
  if ('problems' in read) problems.push(...read.problems);

  const byServer = new Map<string, Guideline>();
  const ofClients: { readonly client: string; readonly guideline: Guideline }[] = [];
  for (const { name, fhirServers, overlay } of 'clients' in read ? read.clients : []) {
    if (overlay === undefined) continue;
    const guideline = load([...forEveryone, ...overlayAt(overlay, problems)]);
    if (guideline === undefined) continue;
    ofClients.push({ client: name, guideline });
    for (const url of fhirServers) byServer.set(serverKey(url) ?? url, guideline);
  }
  // What is wrong with the guideline itself is wrong with every client's.
  if (problems.length > 0 || standard === undefined)
    throw new GuidelineError(
      [...new Set(problems)],
      clientsFile === undefined ? undefined : 'The guideline and the clients have',
    );

  const terminologies = [standard, ...ofClients.map(({ guideline }) => guideline)].map(
    ({ terminology }) => terminology,
  );
  return {
    standard,
    ofClients,
    ofSite: (site) => (site === undefined ? standard : ofClients.find(({ client }) => client === site)?.guideline),
    siteOf: (guideline) => ofClients.find((own) => own.guideline === guideline)?.client,
    forServer: (fhirServer) =>
      fhirServer === undefined || byServer.size === 0
        ? standard
        : (byServer.get(serverKey(fhirServer) ?? '') ?? standard),
    queries: chartQueries({
      tokens: (valueSet) => [...new Set(terminologies.flatMap(({ tokens }) => tokens(valueSet)))],
    }),
  };

  function load(overlays: readonly Overlay[]): Guideline | undefined {
    try {
      return loadGuideline(cards, overlays);
    } catch (error) {
      if (!(error instanceof GuidelineError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  }
}

function overlayAt(folder: string, problems: string[]): readonly Overlay[] {
  try {
    return [{ folder: folder.endsWith('/') ? folder : `${folder}/`, files: readGuidelineFolder(folder) }];
  } catch (error) {
    problems.push(`${folder}: cannot be read (${errorCode(error)})`);
    return [];
  }
}
