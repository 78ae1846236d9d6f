import { no, yes } from '../../chart/fact.ts';
import type { Criterion } from './criterion.ts';

export const FOLLOW_UP_CRITERIA: readonly Criterion[] = [
  {
    id: 'bone-agent',
    question: 'Has the patient had a bisphosphonate or denosumab, whatever for?',
    basis: ['F-BONE-RX', 'S-083'],
    valueSets: ['drug-denosumab', 'drug-zoledronic-acid', 'drug-pamidronate'],
    label: 'a bisphosphonate or denosumab',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.exposureTo['bone-agent'],
  },
  {
    id: 'palliative-care-contact',
    question: 'Is a palliative care contact on file: a referral, a visit, a team, or the code for it?',
    basis: ['F-PALL', 'S-082'],
    valueSets: ['palliative-care'],
    label: 'a palliative care contact',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.contacts.palliativeCare,
  },
  {
    id: 'sarcoma-centre-contact',
    question: 'Is a contact with a sarcoma centre on file, by one of the configured names or in so many words?',
    basis: ['F-REF', 'S-090'],
    label: 'a contact with, or a referral to, a sarcoma centre',
    shows: ['yes', 'no', 'unknown'],
    evaluate: (chart) => chart.contacts.sarcomaCentre,
  },
  {
    id: 'sarcoma-centre-configured',
    question: 'Has the site told the service the names of its sarcoma centres?',
    basis: ['S-090'],
    label: 'configured sarcoma centres',
    shows: [],
    evaluate: ({ settings }) => (settings.sarcomaCentres.length > 0 ? yes([]) : no([])),
  },
];
