import type { Resource } from '../patient-store.ts';
import { dayOf, items, joined, member, text } from './fhir-text.ts';

/** Who a patient is, as a banner or a list says it. */
export interface PatientView {
  readonly id: string;
  /** Family name first, as a list is sorted. */
  readonly name: string;
  readonly age: string;
  readonly sex: string;
  readonly birthDate: string;
  /** The record number, else the id. */
  readonly number: string;
}

const MONTHS_TOLD_BELOW_YEARS = 3;

export function patientView(patient: Resource, today: Date): PatientView {
  const birthDate = dayOf(patient['birthDate']);
  return {
    id: patient.id,
    name: nameOf(patient) ?? 'No name on file',
    age: ageOn(today, birthDate) ?? 'age unknown',
    sex: text(patient['gender']) ?? 'sex unknown',
    birthDate: birthDate ?? 'unknown',
    number: text(member(items(patient['identifier'])[0], 'value')) ?? patient.id,
  };
}

function nameOf(patient: Resource): string | undefined {
  const names = items(patient['name']);
  const name = names.find((one) => member(one, 'use') === 'official') ?? names[0];
  return (
    joined([text(member(name, 'family')), joined(items(member(name, 'given')).map(text), ' ')]) ??
    text(member(name, 'text'))
  );
}

/** In years; of small children in months. A date of birth that is a year or a month alone leaves it open by one. */
function ageOn(today: Date, birthDate: string | undefined): string | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(birthDate ?? '') ?? [];
  if (year === undefined) return undefined;
  const months =
    (today.getUTCFullYear() - Number(year)) * 12 +
    (month === undefined ? 0 : today.getUTCMonth() + 1 - Number(month)) -
    (day !== undefined && today.getUTCDate() < Number(day) ? 1 : 0);
  if (months < 0) return undefined;
  const years = Math.floor(months / 12);
  if (month === undefined) return `about ${years} years`;
  return years < MONTHS_TOLD_BELOW_YEARS ? `${months} months` : `${years} years`;
}
