import type { Records } from '../ehr/records.ts';
import { type PatientView, patientView } from './patient-view.ts';

/** A synthetic patient and the story in one line. */
export interface PatientStory {
  readonly patient: string;
  readonly story: string;
}

export interface ListedPatient extends PatientView {
  readonly story: string;
  /** What to try with this patient; empty: nothing in particular. */
  readonly hint: string;
}

/** A few whose charts show what the service does, and one where it rightly does nothing. */
const START_HERE: ReadonlyMap<string, string> = new Map([
  [
    'metastatic-untreated',
    'Open the chart: a warning and what is recommended. Accept the brain MRI and see the order.',
  ],
  ['brain-mri-ordered', 'Add the order “Doxorubicin” and sign it: the warning comes before the order goes out.'],
  ['localised-resected', 'Add “Metastasis to the lung” as a problem: what is recommended changes.'],
  ['leiomyosarcoma-on-doxorubicin', 'Another sarcoma: nothing appears, and the order “Doxorubicin” goes through.'],
]);

/** Those that are on file, the ones to start with apart from the others. */
export async function patientLists(
  stories: readonly PatientStory[],
  records: Records,
  today: Date,
): Promise<{ readonly startHere: readonly ListedPatient[]; readonly others: readonly ListedPatient[] }> {
  const found = await Promise.all(
    stories.map(async ({ patient, story }) => {
      const resource = await records.read(`Patient/${patient}`);
      if (resource === undefined) return [];
      return [{ ...patientView(resource, today), story, hint: START_HERE.get(patient) ?? '' }];
    }),
  );
  const listed = found.flat();
  return {
    startHere: [...START_HERE.keys()].flatMap((id) => listed.filter((patient) => patient.id === id)),
    others: listed.filter(({ id }) => !START_HERE.has(id)),
  };
}
