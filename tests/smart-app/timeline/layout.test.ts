import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '../../../src/chart/reading.ts';
import type { TimelineEvent } from '../../../src/smart-app/timeline/event.ts';
import { type Layout, layoutOf } from '../../../src/smart-app/timeline/layout.ts';
import type { Placement } from '../../../src/smart-app/timeline/placement.ts';
import { eventsOf } from '../../../src/smart-app/timeline/table.tsx';
import { type TimelineView, timelineOf } from '../../../src/smart-app/timeline/view.ts';
import { complete, named } from '../../chart/builders.ts';
import { PATIENTS, situationFrom, situationOf } from '../header/situation-of.ts';

const marksOf = ({ rows }: Layout) => rows.flatMap(({ marks }) => marks);
const idsOf = (events: readonly TimelineEvent[]) => events.map(({ id }) => id).toSorted();

const day = fc.integer({ min: 10_000, max: 22_000 });
const days = fc.tuple(day, fc.integer({ min: 0, max: 800 })).map(([from, length]) => ({ from, to: from + length }));
const openDays = fc.oneof(
  days,
  day.map((to) => ({ from: -Infinity, to })),
);
const placement: fc.Arbitrary<Placement> = fc.oneof(
  openDays.map((at) => ({ kind: 'moment' as const, at })),
  fc.tuple(openDays, fc.oneof(days, fc.constant('goes-on' as const))).map(([begin, end]) => ({
    kind: 'stretch' as const,
    begin,
    end: end === 'goes-on' ? end : { from: Math.max(end.from, begin.to), to: Math.max(end.to, begin.to) },
  })),
);

function viewWith(placements: readonly Placement[], span: TimelineView['span']): TimelineView {
  const events = placements.map(
    (one, at): TimelineEvent => ({
      id: `e${at}`,
      lane: 'lane',
      label: 'label',
      word: 'word',
      look: { shape: 'circle', fill: 'ink', isHollow: false },
      placement: one,
      when: '',
      evidence: [],
    }),
  );
  const track = { id: 't', title: 'Track', unplaced: [], remarks: [], emptyWords: '' };
  return { tracks: [{ ...track, lanes: [{ label: 'lane', events }] }], span, today: 20_000 };
}

const SPAN = { from: 9_000, to: 24_000 };

describe('arbitrary events', () => {
  test('each is drawn within the picture, once, with parts that run from left to right', () => {
    fc.assert(
      fc.property(fc.array(placement, { maxLength: 30 }), fc.integer({ min: 320, max: 1600 }), (placements, width) => {
        const layout = layoutOf(viewWith(placements, SPAN), SPAN, width);
        const marks = marksOf(layout);
        expect(marks).toHaveLength(placements.length);
        for (const { extents, text } of marks) {
          const { whole, solid, uncertain, mark } = extents;
          for (const { left, right } of [whole, ...uncertain, ...(solid === undefined ? [] : [solid])]) {
            expect(right).toBeGreaterThanOrEqual(left);
            expect(left).toBeGreaterThanOrEqual(whole.left);
            expect(right).toBeLessThanOrEqual(whole.right);
          }
          expect(mark).toBeGreaterThanOrEqual(whole.left);
          expect(mark).toBeLessThanOrEqual(whole.right);
          expect(whole.left).toBeGreaterThan(-20);
          expect(whole.right).toBeLessThan(width);
          expect(text === undefined || Number.isFinite(text.x)).toBe(true);
        }
      }),
    );
  });

  test('nothing of it is no number, whatever part of the time is shown', () => {
    fc.assert(
      fc.property(
        fc.array(placement, { maxLength: 10 }),
        fc.integer({ min: 9_000, max: 23_000 }),
        fc.integer({ min: 28, max: 1_000 }),
        (placements, from, length) => {
          const layout = layoutOf(viewWith(placements, SPAN), { from, to: from + length }, 900);
          expect(JSON.stringify(layout, (_key, value) => (Number.isNaN(value) ? 'NaN' : value))).not.toContain('NaN');
          for (const { extents } of marksOf(layout)) {
            expect(extents.whole.right).toBeGreaterThanOrEqual(layout.plot.left);
            expect(extents.whole.left).toBeLessThanOrEqual(layout.plot.right);
          }
        },
      ),
    );
  });
});

test.each(PATIENTS)('picture and table hold the same events: %s', async (patientId) => {
  const view = timelineOf(await situationOf(patientId));
  for (const track of view.tracks) {
    const layout = layoutOf({ ...view, tracks: [track] }, view.span, 1000);
    const inPicture = [...marksOf(layout).map(({ event }) => event), ...track.unplaced];
    expect(idsOf(inPicture)).toEqual(idsOf(eventsOf(track)));
  }
  expect(view.tracks.flatMap(eventsOf).length).toBeGreaterThan(0);
});

test('a row takes no more marks than can be told apart, the latest ones, and counts the others', () => {
  const diagnosticReports = Array.from(
    { length: 100 },
    (_, at): JsonObject =>
      named('DiagnosticReport', 'CT chest', {
        id: `r${at}`,
        status: 'final',
        effectiveDateTime: new Date(Date.UTC(2020, 0, 1 + at * 20)).toISOString().slice(0, 10),
      }),
  );
  const view = timelineOf(situationFrom('p1', complete({ diagnosticReports })));
  const row = layoutOf(view, view.span, 1000).rows.find(({ label }) => label === 'chest CT');
  expect(row?.hidden).toBe(40);
  expect(row?.marks.at(-1)?.event.evidence[0]?.reference).toBe('DiagnosticReport/r99');
  expect(view.tracks.flatMap(eventsOf).filter(({ lane }) => lane === 'chest CT')).toHaveLength(100);
});

test('a row whose events all lie outside of the window says how many', async () => {
  const view = timelineOf(await situationOf('progressed-on-both'));
  const layout = layoutOf(view, { from: view.today - 30, to: view.today + 1 }, 1000);
  expect(layout.rows.find(({ label }) => label === 'brain MRI')?.emptyWords).toBe('1 outside of this time');
});

test('in a narrow picture names stand above their rows, and what is drawn has nearly all of the width', async () => {
  const view = timelineOf(await situationOf('progressed-on-both'));
  const [narrow, wide] = [layoutOf(view, view.span, 360), layoutOf(view, view.span, 1300)];
  expect(narrow.plot.right - narrow.plot.left).toBeGreaterThan(320);
  expect(wide.rows.every(({ labelLeft }) => labelLeft < wide.plot.left)).toBe(true);
  expect(narrow.rows.filter(({ label }) => label !== '').every(({ labelAt, middle }) => labelAt < middle)).toBe(true);
});
