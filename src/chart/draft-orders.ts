import { readDate } from './calendar.ts';
import { readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import { type Study, studiesIn } from './imaging.ts';
import { hasReason, isForAnotherCancer } from './indication.ts';
import { asObject, asObjects, asText } from './json.ts';
import { medicationLookup, readMedication } from './medication.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, referencedId } from './resource.ts';
import { isAnotherPatients } from './subject.ts';
import type { Drug, Terminology } from './terminology.ts';

/** The unsigned orders of an order hook, as the request's context has them. */
export interface DraftContext {
  /** A Bundle; its `type` and its entries' `fullUrl` may be missing (the public Sandbox sends neither). */
  readonly draftOrders: JsonObject;
  /** `Type/id` or bare ids; absent or empty: all are meant. */
  readonly selections?: readonly string[];
}

/** One unsigned order that asks for a drug or a study of the guideline. */
export interface DraftOrder {
  /** Is the clinician being asked about this one? The others count as ordered. */
  readonly judged: boolean;
  readonly drugs: readonly Drug[];
  readonly studies: readonly Study[];
  readonly forAnotherCancer: boolean;
  readonly hasReason: boolean;
  readonly evidence: Evidence;
}

/** Orders that are over or void; any other status may come up for (re-)signing. */
const VOID = new Set(['entered-in-error', 'cancelled', 'revoked', 'stopped', 'completed']);

/** Reads the draft orders. Void ones, "do not perform" ones and another patient's are left out and the latter counted. */
export function readDraftOrders(
  context: DraftContext,
  patientId: string,
  readings: Readings,
  terminology: Terminology,
): { readonly drafts: readonly DraftOrder[]; readonly skipped: number } {
  const resources = asObjects(context.draftOrders['entry']).flatMap<JsonObject>(
    (entry) => asObject(entry['resource']) ?? [],
  );
  const lookup = medicationLookup(withFullUrlIds(context.draftOrders, resources));
  const drafts: DraftOrder[] = [];
  let skipped = 0;
  for (const resource of resources) {
    if (isAnotherPatients(resource, patientId)) {
      skipped += 1;
      continue;
    }
    if (VOID.has(String(resource['status'])) || resource['doNotPerform'] === true) continue;
    const type = resource['resourceType'];
    const concept =
      type === 'MedicationRequest'
        ? readMedication(resource, lookup)
        : type === 'ServiceRequest'
          ? readCodedText(resource['code'], resource['orderDetail'])
          : undefined;
    if (concept === undefined) continue;
    const drugs = type === 'MedicationRequest' ? terminology.drugsIn(concept) : [];
    const studies = type === 'ServiceRequest' ? studiesIn(concept, terminology) : [];
    if (drugs.length === 0 && studies.length === 0) continue;
    drafts.push({
      judged: isSelected(resource, context.selections),
      drugs,
      studies,
      forAnotherCancer: isForAnotherCancer(resource, readings, terminology),
      hasReason: hasReason(resource),
      evidence: {
        ...evidence(
          resource,
          isUnsigned(resource) ? 'draft' : 'order',
          readDate(resource['authoredOn']),
          concept.texts[0],
        ),
        ...(drugs[0] === undefined ? {} : { drug: drugs[0].drug }),
      },
    });
  }
  return { drafts, skipped };
}

/** An order up for re-signing is in force: it can be argued with, but not thrown away like a draft. */
function isUnsigned({ status }: JsonObject): boolean {
  return typeof status !== 'string' || status === 'draft';
}

function isSelected(resource: JsonObject, selections: readonly string[] | undefined): boolean {
  if (selections === undefined || selections.length === 0) return true;
  const id = asText(resource['id']);
  return id !== undefined && selections.some((selection) => referencedId(selection) === id);
}

/** Medications of the Bundle can be referred to by `fullUrl` too. */
function withFullUrlIds(bundle: JsonObject, resources: readonly JsonObject[]): readonly JsonObject[] {
  const byUrl = asObjects(bundle['entry']).flatMap((entry) => {
    const url = asText(entry['fullUrl']);
    const resource = asObject(entry['resource']);
    if (url === undefined || resource?.['resourceType'] !== 'Medication') return [];
    return [{ ...resource, id: url.startsWith('urn:uuid:') ? url.slice(9) : referencedId(url) }];
  });
  return [...resources, ...byUrl];
}
