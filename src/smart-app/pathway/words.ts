import type { Pathway, PathwayStep } from '../../guideline/pathway.ts';
import type { Position, Qualifier } from '../../guideline/pathway-steps.ts';
import { answersInShort, labelsInShort } from '../parts/answer-words.ts';

/** A position as a word and a shape; neither is told by colour. */
export const SHAPES: Readonly<Record<Position, string>> = {
  begun: '▶',
  passed: '✓',
  next: '→',
  possible: '◇',
  'not-yet': '·',
  'not-supported': '✕',
  undecided: '?',
};

const POSITIONS: Readonly<Record<Position, string>> = {
  begun: 'Begun',
  passed: 'Begun, progression recorded',
  next: 'Next',
  possible: 'Possible',
  'not-yet': 'Not yet',
  'not-supported': 'Not supported by this chart',
  undecided: 'Undecided',
};

/** What is added to a position, after its words. */
export const QUALIFIERS: Readonly<Record<Qualifier, string>> = {
  'caution-on-file': ', but a caution is on file',
  'unless-given': ', unless given already',
  'not-tolerated': ', stopped as not tolerated',
  'not-ongoing': ', not going on by this chart',
  'tki-on-file': ', but a TKI is on file',
  'both-ongoing': ', but immunotherapy and a TKI go on together',
};

export function positionInWords({ position, qualifier }: Pick<PathwayStep, 'position' | 'qualifier'>): string {
  return `${POSITIONS[position]}${qualifier === undefined ? '' : QUALIFIERS[qualifier]}`;
}

/** Why, in a few words, for who reads no further. */
export function reasonInShort({ decidedBy, undecided }: Pick<PathwayStep, 'decidedBy' | 'undecided'>): string {
  return [
    ...(decidedBy.length === 0 ? [] : [answersInShort(decidedBy)]),
    ...(undecided.length === 0 ? [] : [`open: ${labelsInShort(undecided)}`]),
  ].join('; ');
}

/** Why the pathway is not for this chart, and the cards of what stands before it. */
export const ELSEWHERE: Readonly<
  Record<Exclude<Pathway['kind'], 'metastatic'>, { readonly says: string; readonly cards: readonly string[] }>
> = {
  deceased: { says: 'The chart records that the patient has died. No step follows.', cards: [] },
  'no-asps': { says: 'The chart does not establish ASPS, for which this pathway is.', cards: [] },
  suspected: {
    says: 'ASPS is only suspected on this chart. The diagnosis comes before the pathway.',
    cards: ['confirm-diagnosis'],
  },
  'not-active': {
    says: 'The ASPS is on file as inactive, in remission or resolved. The pathway is for active disease; follow-up stands in its place.',
    cards: ['surveillance-due'],
  },
  'not-metastatic': {
    says: 'The pathway is for metastatic ASPS, and this chart has it as not metastatic. Staging, complete resection and follow-up come before it.',
    cards: ['baseline-brain-mri', 'localised-resection', 'positive-margin-radiotherapy', 'surveillance-due'],
  },
  undecided: {
    says: 'Whether the pathway is for this patient is undecided: it is for established, active, metastatic ASPS.',
    cards: ['record-stage', 'confirm-diagnosis'],
  },
};
