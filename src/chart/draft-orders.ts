import type { Attribution } from './attribution.ts';
import { readDate } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import type { Evidence } from './fact.ts';
import { type Study, studiesIn } from './imaging.ts';
import type { IndicationReader } from './indication.ts';
import { asObject, asObjects, asText } from './json.ts';
import { drugReader, medicationLookup, readMedication } from './medication.ts';
import type { JsonObject } from './reading.ts';
import { evidence, referencedId } from './resource.ts';
import { isAnotherPatients } from './subject.ts';
import { type Drug, type Terminology, treatsCancer } from './terminology.ts';

/** The unsigned orders of an order hook, as the request's context has them. */
export interface DraftContext {
  /** A Bundle; its `type` and its entries' `fullUrl` may be missing (the public Sandbox sends neither). */
  readonly draftOrders: JsonObject;
  /** `Type/id` or bare ids; absent or empty: all are meant. */
  readonly selections?: readonly string[];
}

/** One unsigned order for a medication or a service. */
export interface DraftOrder {
  readonly resource: JsonObject;
  /** What is ordered: the medication, wherever it stands, or the service with its details and body site. */
  readonly concept: CodedText;
  /** Is the clinician being asked about this one? The others count as ordered. */
  readonly judged: boolean;
  /** The systemic cancer drugs in it. */
  readonly drugs: readonly Drug[];
  readonly studies: readonly Study[];
  readonly indication: Attribution;
  readonly evidence: Evidence;
}

const TYPE = /^[A-Z][A-Za-z]{0,63}$/;
/** Orders that are over or void; any other status may come up for (re-)signing. */
const VOID = new Set(['entered-in-error', 'cancelled', 'revoked', 'stopped', 'completed']);

/** The resources of the draft Bundle; a Medication under both the names by which an order can refer to it. */
export function draftedResources({ draftOrders }: DraftContext): readonly JsonObject[] {
  return entriesOf(draftOrders).flatMap(({ resource, fullUrl }) => underBothIds(resource, fullUrl));
}

/** Reads the draft orders. Void ones, "do not perform" ones and another patient's are left out and the latter counted. */
export function readDraftOrders(
  context: DraftContext,
  patientId: string,
  indicationOf: IndicationReader,
  terminology: Terminology,
): { readonly drafts: readonly DraftOrder[]; readonly skipped: number } {
  const entries = entriesOf(context.draftOrders);
  const lookup = medicationLookup(draftedResources(context));
  const drugsIn = drugReader(terminology);
  const isSelected = selectionOf(context.selections ?? []);
  const drafts: DraftOrder[] = [];
  let skipped = 0;
  for (const { resource, fullUrl } of entries) {
    if (isAnotherPatients(resource, patientId)) {
      skipped += 1;
      continue;
    }
    if (VOID.has(asText(resource['status']) ?? '') || resource['doNotPerform'] === true) continue;
    const type = resource['resourceType'];
    const concept =
      type === 'MedicationRequest'
        ? readMedication(resource, lookup)
        : type === 'ServiceRequest'
          ? readCodedText(resource['code'], resource['orderDetail'], resource['bodySite'])
          : undefined;
    if (concept === undefined) continue;
    const drugs = type === 'MedicationRequest' ? drugsIn(concept).filter(treatsCancer) : [];
    const studies = type === 'ServiceRequest' ? studiesIn(concept, terminology) : [];
    drafts.push({
      resource,
      concept,
      judged: isSelected(resource, fullUrl),
      drugs,
      studies,
      indication: indicationOf(resource),
      evidence: {
        ...evidence(
          resource,
          isUnsigned(resource) ? 'draft' : type === 'ServiceRequest' ? 'request' : 'order',
          readDate(resource['authoredOn']),
          concept.texts[0],
        ),
        ...(drugs[0] === undefined ? {} : { drug: drugs[0].drug }),
      },
    });
  }
  return { drafts, skipped };
}

function entriesOf(bundle: JsonObject) {
  return asObjects(bundle['entry']).flatMap((entry) => {
    const resource = asObject(entry['resource']);
    return resource === undefined ? [] : [{ resource, fullUrl: asText(entry['fullUrl']) }];
  });
}

/** An order up for re-signing is in force: it can be argued with, but not thrown away like a draft. */
function isUnsigned({ status }: JsonObject): boolean {
  return typeof status !== 'string' || status === 'draft';
}

/** A selection is `Type/id`, an absolute or bare id, or the entry's own `fullUrl`; without any, all are meant (M-18). */
function selectionOf(selections: readonly string[]): (resource: JsonObject, fullUrl: string | undefined) => boolean {
  const asWritten = new Set(selections);
  const typed = new Set<string>();
  const bare = new Set<string>();
  for (const selection of selections) {
    const type = typeIn(selection);
    if (type === undefined) bare.add(idIn(selection));
    else typed.add(`${type}/${idIn(selection)}`);
  }
  return (resource, fullUrl) => {
    if (selections.length === 0 || (fullUrl !== undefined && asWritten.has(fullUrl))) return true;
    const id = asText(resource['id']);
    return id !== undefined && (bare.has(id) || typed.has(`${asText(resource['resourceType']) ?? ''}/${id}`));
  };
}

/** A Medication can be referred to by its id and by the `fullUrl` of its entry. */
function underBothIds(resource: JsonObject, fullUrl: string | undefined): readonly JsonObject[] {
  if (fullUrl === undefined || resource['resourceType'] !== 'Medication') return [resource];
  return [resource, { ...resource, id: idIn(fullUrl) }];
}

/** The resource type of `Type/id`, alone, with a version or at the end of a URL. By parts: a pattern may cost the square of the length. */
function typeIn(reference: string): string | undefined {
  const parts = (reference.split(/[?#]/, 1)[0] ?? '').split('/').filter((part) => part !== '');
  const history = parts.indexOf('_history');
  const type = parts[(history > 0 ? history - 1 : parts.length - 1) - 1];
  return type !== undefined && TYPE.test(type) ? type : undefined;
}

function idIn(reference: string): string {
  return reference.startsWith('urn:uuid:') ? reference.slice('urn:uuid:'.length) : referencedId(reference);
}
