import { criteriaOf } from './compile.ts';
import { CRITERIA } from './criteria/registry.ts';
import type { Card, Guideline } from './guideline.ts';

/** One of the source attributes of an evidence-based decision support intervention, 45 CFR 170.315(b)(11)(iv)(A). */
export interface SourceAttribute {
  /** Its number in the rule, 1 to 13. */
  readonly number: number;
  readonly name: string;
  readonly answer: string;
}

/** The data of a person whose use the rule wants to see. */
export type PersonalData =
  | 'race'
  | 'ethnicity'
  | 'language'
  | 'sexual orientation'
  | 'gender identity'
  | 'sex'
  | 'date of birth'
  | 'social determinants of health'
  | 'health status assessments';

/** In the order of the rule, (5) to (13). */
const PERSONAL_DATA: readonly PersonalData[] = [
  'race',
  'ethnicity',
  'language',
  'sexual orientation',
  'gender identity',
  'sex',
  'date of birth',
  'social determinants of health',
  'health status assessments',
];

/**
 * The criteria that look at such data; all others do not. Tests hold it to what the criteria really answer when those data
 * change. Health status assessments are what USCDI puts under that name, pregnancy and functional status among them.
 */
export const USES_OF_PERSONAL_DATA: Readonly<Partial<Record<PersonalData, readonly string[]>>> = {
  'date of birth': [
    'adult',
    'age-2-to-17',
    'under-2',
    'under-21',
    'transition-age',
    'recent-weight',
    'atezolizumab-age-needed',
    'atezolizumab-dose-outside-label',
    'atezolizumab-weight-needed',
  ],
  'health status assessments': ['pregnancy', 'immunotherapy-caution', 'performance-status'],
};

/** The thirteen attributes of a card, answered from what the card and the guideline say. */
export function sourceAttributes(card: Card, { file: guideline }: Guideline): readonly SourceAttribute[] {
  const criteria = new Set(criteriaOf(card));
  const citations = card.sources.map(({ label, url }) => (url === undefined ? label : `${label} (${url})`));
  const released =
    guideline.releaseDate === undefined
      ? 'Not released for use with patients yet.'
      : `Guideline ${guideline.version} released on ${guideline.releaseDate}.`;
  const revisions = historyOf(card).map(({ version, date }) => `${version} on ${date}`);
  return [
    ['Bibliographic citation of the intervention', `${citations.join('; ')}.`],
    ['Developer of the intervention, and who translated it from clinical research or a guideline', guideline.developer],
    ['Funding source of the technical implementation', guideline.funding],
    [
      'Release and revision dates',
      `${released} This card: ${revisions.join(', ')}; last reviewed on ${card.file.reviewed}.`,
    ],
    ...PERSONAL_DATA.map((data) => [`Use of ${data}`, useOf(data, criteria)] as const),
  ].map(([name = '', answer = ''], at) => ({ number: at + 1, name, answer }));
}

function useOf(data: PersonalData, criteria: ReadonlySet<string>): string {
  const using = (USES_OF_PERSONAL_DATA[data] ?? []).filter((id) => criteria.has(id));
  if (using.length === 0) return 'Not used.';
  return `Used, for: ${using.map((id) => CRITERIA.get(id)?.label ?? id).join('; ')}.`;
}

/** The versions of a card, newest first. One without a history has only the version that stands in it. */
export function historyOf({ file }: Card): readonly { version: string; date: string; change: string }[] {
  if (file.history !== undefined) return file.history;
  const change = file.version === '1.0.0' ? 'First version.' : 'Earlier versions are not recorded.';
  return [{ version: file.version, date: file.reviewed, change }];
}
