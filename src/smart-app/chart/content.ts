import { asObject, asText } from '../../chart/json.ts';
import { compileGuideline } from '../../guideline/compile.ts';
import type { BrowserContent } from '../../guideline/content.ts';
import type { Education } from '../../guideline/education.ts';
import type { Guideline } from '../../guideline/guideline.ts';
import type { EvidenceContent } from '../evidence/content.ts';
import type { Fetched } from '../parts/lazy.tsx';

/** The guideline as the site of this EHR has it. */
export interface SiteGuideline {
  /** The name of the site's own pages; undefined: the guideline is the one for everyone. */
  readonly site: string | undefined;
  readonly guideline: Guideline;
}

/** The service answers within this, or is asked again. */
const PATIENCE_MS = 15_000;

/** What is being fetched or has been, by address: asked for and read once, and again after a failure. */
type Kept<Content> = Map<string, Promise<Fetched<Content>>>;

const guidelines: Kept<SiteGuideline> = new Map();
const evidence: Kept<EvidenceContent> = new Map();
const education: Kept<Education> = new Map();

/** The guideline of the client whose FHIR server this is. Never rejects. */
export function fetchGuideline(iss: string): Promise<Fetched<SiteGuideline>> {
  return content(guidelines, `guideline.json?${new URLSearchParams({ iss })}`, (body) => {
    const { site, content: guideline } = asObject(body) ?? {};
    return isBrowserContent(guideline) ? { site: asText(site), guideline: compileGuideline(guideline) } : undefined;
  });
}

/** Never rejects. */
export function fetchEvidence(): Promise<Fetched<EvidenceContent>> {
  return content(evidence, 'evidence.json', (body) => (isEvidenceContent(body) ? body : undefined));
}

/** Never rejects. */
export function fetchEducation(): Promise<Fetched<Education>> {
  return content(education, 'education.json', (body) => (isEducation(body) ? body : undefined));
}

/** `read` may throw, or give undefined, where what came is not what was asked for. */
function content<Content>(
  kept: Kept<Content>,
  address: string,
  read: (body: unknown) => Content | undefined,
): Promise<Fetched<Content>> {
  const known = kept.get(address);
  if (known !== undefined) return known;
  const asked = json(address)
    .then(read)
    .then(
      (found): Fetched<Content> => (found === undefined ? FAILED : { content: found }),
      () => FAILED,
    )
    .then((result) => {
      if ('failed' in result) kept.delete(address);
      return result;
    });
  kept.set(address, asked);
  return asked;
}

const FAILED = { failed: true } as const;

/** Relative to the page of the app: the service may stand below a path. */
async function json(address: string): Promise<unknown> {
  const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

// The service has checked all of it when it started: what is looked for here is whether it is the service that answered.

function isBrowserContent(value: unknown): value is BrowserContent {
  return hasMembers(value, ['file', 'cards', 'orders', 'sources', 'drugs', 'valueSets', 'settings', 'texts']);
}

function isEvidenceContent(value: unknown): value is EvidenceContent {
  return hasMembers(value, ['outcomes', 'sources', 'catalogue']);
}

function isEducation(value: unknown): value is Education {
  return hasMembers(value, ['sections', 'questions']);
}

function hasMembers(value: unknown, names: readonly string[]): boolean {
  const members = asObject(value);
  return members !== undefined && names.every((name) => typeof members[name] === 'object' && members[name] !== null);
}
