import { chartQueries } from './chart/queries.ts';
import type { ResourceKey } from './chart/reading.ts';
import type { Clients } from './clients.ts';
import type { Guideline } from './guideline/guideline.ts';
import { GuidelineError, loadGuideline } from './guideline/load.ts';
import type { Overlay } from './guideline/overlay.ts';
import type { GuidelineFiles } from './guideline/source-file.ts';
import { CARDS_FOLDER, errorCode, readGuidelineFolder } from './guideline-folder.ts';

/** The guideline as each client gets it, all of it loaded and checked, but for `onFirstCall`'s. */
export interface Guidelines {
  /** The cards folder as it was read, for what else stands in it. */
  readonly files: GuidelineFiles;
  /** For calls of no known client: the cards folder and the overlay for everyone. */
  readonly standard: Guideline;
  /** Those of the clients with an overlay of their own. */
  readonly ofClients: readonly { readonly client: string; readonly guideline: Guideline }[];
  /** By the name of its client; everyone's without one. For the pages that explain a card. */
  readonly ofSite: (site: string | undefined) => Guideline | undefined;
  /** The client whose own guideline this is. */
  readonly siteOf: (guideline: Guideline) => string | undefined;
  /** The guideline of this client; everyone's for one without an overlay, and in open mode. */
  readonly forClient: (client: string | undefined) => Guideline;
  /** One discovery serves everyone, so that the queries ask for the codes of every client. */
  readonly queries: Readonly<Record<ResourceKey, string>>;
}

/** Where the overlays are. */
export interface SiteFiles {
  /** Laid over the guideline for every client. */
  readonly overlayDir?: string | undefined;
  /** As read: what is wrong with them is named together with what is wrong with the overlays. */
  readonly clients?: Clients | undefined;
  /**
   * A client with an overlay that is made of the guideline's own files when it first calls: the demo EHR's, which must not
   * cost everybody's start.
   */
  readonly onFirstCall?: OverlayOnFirstCall | undefined;
}

export interface OverlayOnFirstCall {
  readonly client: string;
  /** From the files that everybody else gets. @throws {GuidelineError} when it is first called, if they cannot be laid over. */
  readonly overlay: (files: GuidelineFiles) => Overlay;
}

/**
 * Reads and compiles the guideline of everyone, once, at start.
 *
 * @throws {GuidelineError} that names everything that is wrong in any of the files, so that nothing is ever applied in part.
 */
export function loadGuidelines({ overlayDir, clients, onFirstCall }: SiteFiles = {}): Guidelines {
  const problems: string[] = [];
  const cards = readGuidelineFolder(CARDS_FOLDER);
  const forEveryone = overlayDir === undefined ? [] : overlayAt(overlayDir, problems);
  const standard = load(forEveryone);
  if (clients !== undefined && 'problems' in clients) problems.push(...clients.problems);

  const ofClients: { readonly client: string; readonly guideline: Guideline }[] = [];
  for (const { name, overlay } of clients !== undefined && 'clients' in clients ? clients.clients : []) {
    if (overlay === undefined) continue;
    const guideline = load([...forEveryone, ...overlayAt(overlay, problems)]);
    if (guideline === undefined) continue;
    ofClients.push({ client: name, guideline });
  }
  // What is wrong with the guideline itself is wrong with every client's.
  if (problems.length > 0 || standard === undefined)
    throw new GuidelineError(
      [...new Set(problems)],
      clients === undefined ? undefined : 'The guideline and the clients have',
    );

  const terminologies = [standard, ...ofClients.map(({ guideline }) => guideline)].map(
    ({ terminology }) => terminology,
  );
  const byName = new Map(ofClients.map(({ client, guideline }) => [client, guideline]));
  let late: Guideline | undefined;
  const lateFor = (client: string) => {
    if (onFirstCall?.client !== client) return undefined;
    late ??= loadGuideline(cards, [...forEveryone, onFirstCall.overlay(layered([{ files: cards }, ...forEveryone]))]);
    return late;
  };
  return {
    files: cards,
    standard,
    ofClients,
    ofSite: (site) => (site === undefined ? standard : (byName.get(site) ?? lateFor(site))),
    siteOf: (guideline) =>
      guideline === late ? onFirstCall?.client : ofClients.find((own) => own.guideline === guideline)?.client,
    forClient: (name) => (name === undefined ? undefined : (byName.get(name) ?? lateFor(name))) ?? standard,
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

/** Of files of the same name the last one: an overlay's is whole. */
function layered(folders: readonly Pick<Overlay, 'files'>[]): GuidelineFiles {
  return new Map(folders.flatMap(({ files }) => [...files]));
}

function overlayAt(folder: string, problems: string[]): readonly Overlay[] {
  try {
    return [{ folder: folder.endsWith('/') ? folder : `${folder}/`, files: readGuidelineFolder(folder) }];
  } catch (error) {
    problems.push(`${folder}: cannot be read (${errorCode(error)})`);
    return [];
  }
}
