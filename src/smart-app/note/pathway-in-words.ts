import type { Pathway, PathwayStep } from '../../guideline/pathway.ts';
import type { Position } from '../../guideline/pathway-steps.ts';
import { QUALIFIERS } from '../pathway/words.ts';

const POSITIONS: Readonly<Record<Position, string>> = {
  begun: 'begun',
  passed: 'begun, progression recorded',
  next: 'next by this chart',
  possible: 'possible by this chart',
  'not-yet': 'not yet',
  'not-supported': 'not supported by this chart',
  undecided: 'undecided',
};

/** Where the chart stands on the pathway, on one line; `over` is what an ASPS that is not active is recorded as. */
export function pathwayInWords(pathway: Pathway, over: string): string {
  switch (pathway.kind) {
    case 'metastatic':
      return pathway.steps.map(stepInWords).join('; ');
    case 'deceased':
      return 'not asked, the patient is recorded as deceased';
    case 'no-asps':
      return 'not asked, no record of ASPS was found';
    case 'suspected':
      return 'not asked, ASPS is only suspected';
    case 'not-active':
      return `not asked, the ASPS is ${over}`;
    case 'not-metastatic':
      return 'not asked, the ASPS is recorded as localised';
    case 'undecided':
      return `undecided, since it is not known: ${pathway.undecided.map(({ criterion }) => criterion.label).join(', ')}`;
    default:
      return pathway satisfies never;
  }
}

function stepInWords({ definition: { number, title }, position, qualifier }: PathwayStep): string {
  return `(${number}) ${title}: ${POSITIONS[position]}${qualifier === undefined ? '' : QUALIFIERS[qualifier]}`;
}
