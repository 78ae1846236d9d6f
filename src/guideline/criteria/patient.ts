import { ageBetween } from '../../chart/patient.ts';
import type { Criterion } from './criterion.ts';

const EVERY_AGE = Number.POSITIVE_INFINITY;

export const PATIENT_CRITERIA: readonly Criterion[] = [
  {
    id: 'adult',
    question: 'Is the patient 18 years old or more?',
    basis: ['F-AGE', 'M6', 'E-04'],
    label: 'age 18 or more',
    shows: ['yes'],
    evaluate: ({ age, readings }) => ageBetween(age, 18, EVERY_AGE, readings),
  },
  {
    id: 'age-2-to-17',
    question: 'Is the patient between 2 and 17 years old?',
    basis: ['F-AGE', 'M6', 'E-04'],
    label: 'age 2 to 17',
    shows: ['yes'],
    evaluate: ({ age, readings }) => ageBetween(age, 2, 17, readings),
  },
  {
    id: 'under-2',
    question: 'Is the patient younger than 2 years?',
    basis: ['F-AGE', 'E-01', 'E-46'],
    label: 'age under 2',
    shows: ['yes'],
    evaluate: ({ age, readings }) => ageBetween(age, 0, 1, readings),
  },
  {
    id: 'under-21',
    question: 'Is the patient younger than 21 years?',
    basis: ['F-AGE', 'S-099', 'S-100'],
    label: 'age under 21',
    shows: ['yes'],
    evaluate: ({ age, readings }) => ageBetween(age, 0, 20, readings),
  },
  {
    id: 'transition-age',
    question: 'Is the patient of the age at which the move to adult care is planned?',
    basis: ['F-AGE', 'S-088'],
    label: 'age',
    shows: ['yes'],
    evaluate: ({ age, readings, settings }) =>
      ageBetween(age, settings.transitionAge.from, settings.transitionAge.to, readings),
  },
  {
    id: 'recent-weight',
    question: 'Is a plausible body weight on file that is at most 30 days old (a setting)?',
    basis: ['F-WT', 'M6'],
    valueSets: ['body-weight'],
    label: 'a recent body weight',
    shows: ['yes', 'no', 'unknown'],
    evaluate: ({ weight }) => weight.fact,
  },
];
