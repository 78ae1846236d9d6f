import type { ContextBundle, Invocation } from './invocation.ts';
import { contextBundle, fhirId, fhirReference, type ObjectSchema } from './schema.ts';

/** Problems were added to the problem list: they stand, and advice is on what comes next. */
export type ProblemListItemCreateRequest = Invocation<'problem-list-item-create', ProblemListItemCreateContext>;

interface ProblemListItemCreateContext {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string | undefined;
  /** The new Conditions. */
  readonly conditions: ContextBundle;
}

export const problemListItemCreateContext: ObjectSchema = {
  type: 'object',
  required: ['userId', 'patientId', 'conditions'],
  properties: { userId: fhirReference, patientId: fhirId, encounterId: fhirId, conditions: contextBundle },
};
