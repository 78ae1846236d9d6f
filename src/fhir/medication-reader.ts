import { isJsonObject } from '../cds-hooks/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import { referencedId } from '../chart/resource.ts';
import type { FhirAnswer } from './fhir-answer.ts';

/** Of one call. Each is a request of its own, and charts name most drugs in a display as well. */
const MAX_MEDICATIONS = 30;
/** Below the base. There are other patients' resources too, and a reference may hold dots, slashes and queries. */
const MEDICATION = /^\/Medication\/[A-Za-z0-9\-.]{1,64}(?<version>\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Where the Medications are. */
export interface MedicationSource {
  /** The FHIR base URL. */
  readonly base: string;
  /** The URL that may be asked for this reference; `undefined` if it leads away from the server. */
  readonly resolve: (reference: string) => string | undefined;
}

/** Reads the Medications that records only refer to, each at most once in a call. */
export interface MedicationReader {
  /** By reference, in this order as long as any may be read. Those that cannot be had are not in it. */
  read(
    references: readonly string[],
    get: (url: string) => Promise<FhirAnswer>,
  ): Promise<ReadonlyMap<string, JsonObject>>;
}

/**
 * One by one, since Epic honours no `_include`, and nobody documents a search by several ids. `onSkipped` is told of what came
 * under an id and was not the Medication of that id.
 */
export function createMedicationReader(
  { base, resolve }: MedicationSource,
  onSkipped: (count: number) => void,
): MedicationReader {
  const root = new URL(base).pathname.replace(/\/$/, '');
  const asked = new Map<string, Promise<JsonObject | undefined>>();

  function urlOf(reference: string): string | undefined {
    const url = resolve(reference);
    if (url === undefined) return undefined;
    const { pathname, search } = new URL(url);
    const match = search === '' ? MEDICATION.exec(pathname.slice(root.length)) : null;
    // As it is now: few servers keep versions that can be read, and a drug stays what it is.
    return match === null ? undefined : url.slice(0, url.length - (match.groups?.['version'] ?? '').length);
  }

  async function readOne(url: string, get: (url: string) => Promise<FhirAnswer>): Promise<JsonObject | undefined> {
    const answer = await get(url);
    if (answer.kind === 'failed') return undefined;
    if (isMedication(answer.body, url)) return answer.body;
    onSkipped(1);
    return undefined;
  }

  function find(reference: string, get: (url: string) => Promise<FhirAnswer>): Promise<JsonObject | undefined> {
    const url = urlOf(reference);
    const known = url === undefined ? undefined : asked.get(url);
    if (known !== undefined) return known;
    if (url === undefined || asked.size >= MAX_MEDICATIONS) return Promise.resolve(undefined);
    const answer = readOne(url, get);
    asked.set(url, answer);
    return answer;
  }

  return {
    async read(references, get) {
      const found = await Promise.all(
        references.map(async (reference) => [reference, await find(reference, get)] as const),
      );
      return new Map(found.flatMap(([reference, medication]) => (medication ? [[reference, medication]] : [])));
    },
  };
}

function isMedication(body: unknown, url: string): body is JsonObject {
  return isJsonObject(body) && body['resourceType'] === 'Medication' && body['id'] === referencedId(url);
}
