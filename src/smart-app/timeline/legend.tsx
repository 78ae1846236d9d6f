import type { Look, TimelineEvent } from './event.ts';
import type { Extents } from './extent.ts';
import { Drawn, Hatches } from './marks.tsx';

const BAR: Extents = {
  solid: { left: 2, right: 26 },
  uncertain: [],
  mark: 14,
  goesOn: false,
  whole: { left: 2, right: 26 },
};
const ONGOING: Extents = { ...BAR, solid: { left: 2, right: 18 }, goesOn: true };
const MOMENT: Extents = { ...BAR, solid: undefined };
const UNCERTAIN: Extents = { ...MOMENT, uncertain: [{ left: 2, right: 26 }] };

interface Entry {
  readonly words: string;
  readonly look: Look;
  readonly extents: Extents;
  readonly isFor: (event: TimelineEvent) => boolean;
}

const INK: Look = { shape: 'circle', fill: 'ink', isHollow: false };

const ENTRIES: readonly Entry[] = [
  ...(
    [
      ['immunotherapy', 'immunotherapy'],
      ['tki', 'TKI'],
      ['cytotoxic', 'cytotoxic'],
      ['radiotherapy', 'radiotherapy'],
    ] as const
  ).map(
    ([fill, words]): Entry => ({
      words,
      look: { shape: 'bar', fill, isHollow: false },
      extents: BAR,
      isFor: ({ look }) => look.shape === 'bar' && look.fill === fill,
    }),
  ),
  {
    words: 'goes on',
    look: { ...INK, shape: 'bar' },
    extents: ONGOING,
    isFor: ({ look, placement }) =>
      look.shape === 'bar' && placement?.kind === 'stretch' && placement.end === 'goes-on',
  },
  {
    words: 'on record from then on',
    look: { ...INK, shape: 'line' },
    extents: { ...ONGOING, mark: 6 },
    isFor: ({ look }) => look.shape === 'line',
  },
  ...(
    [
      ['up', 'worsened', false],
      ['square', 'stable', true],
      ['down', 'improved', false],
      ['unclear', 'unclear', false],
    ] as const
  ).map(
    ([shape, words, isHollow]): Entry => ({
      words,
      look: { shape, fill: 'ink', isHollow },
      extents: MOMENT,
      isFor: ({ look }) => look.shape === shape && look.fill === 'ink',
    }),
  ),
  { words: 'done', look: INK, extents: MOMENT, isFor: ({ look }) => look.shape === 'circle' && !look.isHollow },
  {
    words: 'asked for, planned, not counted or not certain',
    look: { ...INK, isHollow: true },
    extents: MOMENT,
    isFor: ({ look, word }) => look.isHollow && word !== 'stable' && word !== 'free',
  },
  {
    words: 'result',
    look: { ...INK, shape: 'diamond' },
    extents: MOMENT,
    isFor: ({ look }) => look.shape === 'diamond',
  },
  { words: 'somewhere in this time', look: { ...INK, shape: 'bar' }, extents: UNCERTAIN, isFor: isUncertain },
];

function isUncertain({ placement }: TimelineEvent): boolean {
  if (placement === undefined) return false;
  const days = placement.kind === 'moment' ? [placement.at] : [placement.begin, placement.end];
  return days.some((one) => one !== 'goes-on' && one.from !== one.to);
}

/** The signs that this picture uses. */
export function Legend({ events, ids }: { readonly events: readonly TimelineEvent[]; readonly ids: string }) {
  const used = ENTRIES.filter(({ isFor }) => events.some(isFor));
  if (used.length === 0) return null;
  return (
    <ul class="timeline-legend" aria-label="Signs in the picture">
      {used.map(({ words, look, extents }) => (
        <li key={words}>
          <svg width="28" height="16" aria-hidden="true">
            {extents.uncertain.length > 0 && <Hatches ids={`${ids}-legend`} fills={[look.fill]} />}
            <Drawn look={look} extents={extents} middle={8} ids={`${ids}-legend`} />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
