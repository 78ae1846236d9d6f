import { inWords } from '../feedback/insights/cells.ts';
import type { GroupInsight, InsightsReport, Outcomes, Proportion, Trend } from '../feedback/insights/insights.ts';
import { barPlot } from '../plots/bar-plot.ts';
import type { BarPlot } from '../plots/plot.ts';
import { trendPlot } from '../plots/trend-plot.ts';

/** A picture of what stands in a table beside it; the markup is safe. */
export interface Plot {
  readonly caption: string;
  readonly svg: string;
}

/** A week or month with fewer answers has no point in a trend: one answer more or less would throw it up and down. */
export const FEWEST_ANSWERS = 5;

/** More bars than that are not taken in; all of them are in the table. */
const MOST_BARS = 15;

/** The plots of a report, by the id of the table with the same figures. One without anything to show is left out. */
export function insightsPlots(report: InsightsReport): ReadonlyMap<string, Plot> {
  const { cards, reasons, byService, byClient, health } = report;
  const titles = new Map(cards.map(({ cardId, title }) => [cardId, title]));
  const plots = [
    bars('burden', {
      title: 'Overridden, of the showings with a suggestion that were answered, by card and version',
      unit: '% of the answered showings with a suggestion, with the 95 % interval',
      bars: cards.flatMap((card) => rateBar(`${card.title}, ${card.version}`, card.withSuggestion.overridden)),
      order: 'in the order of burden',
    }),
    bars('reasons', {
      title: 'Reasons given for overriding, by card',
      unit: 'overridden showings that gave the reason',
      bars: reasons
        .map(({ cardId, display, code, given: { count, of } }) => ({
          label: `${display ?? code} – ${titles.get(cardId) ?? cardId}`,
          value: count,
          note: `${inWords(count)} of ${inWords(of)}`,
        }))
        .toSorted((a, b) => b.value - a.value),
      order: 'the most frequent first',
    }),
    bars('hooks', groupBars('hook', byService, '')),
    bars('clients', groupBars('client', byClient, 'open mode')),
    bars('unread', {
      title: 'Parts of the chart that could not be read',
      unit: '% of the answers for patients with or suspected of ASPS',
      bars: health.unread.flatMap(({ key, missing }) => rateBar(key, missing)),
      order: 'as in the table',
    }),
  ];
  return new Map(plots.filter((plot) => plot !== undefined));
}

/** The course of one card, with a mark at each new version. */
export function trendFigure(
  { title, unit, periods, versions }: Trend,
  { from, to }: { from: string; to: string },
): Plot {
  // The first may begin before the window.
  const dayOf = (begins: string) => (begins < from ? from : begins);
  const points = (proportionOf: (outcomes: Outcomes) => Proportion) =>
    periods.map((outcomes) => {
      const { rate, of } = proportionOf(outcomes);
      return { day: dayOf(outcomes.begins), value: rate === undefined || of < FEWEST_ANSWERS ? undefined : 100 * rate };
    });
  const marks = versions.map(({ day, version }) => ({ day, label: version }));
  return {
    caption: title,
    svg: trendPlot({
      title: `${title}: ${unit} by ${unit}`,
      description: `Percent overridden of those answered, and percent without a response of those shown, in the ${unit}s from ${from} to ${to}.${
        marks.length === 0 ? '' : ` New versions: ${marks.map(({ day, label }) => `${label} on ${day}`).join(', ')}.`
      } A ${unit} with fewer than ${FEWEST_ANSWERS} answers, or showings, has no point. The table below has the figures and their intervals.`,
      unit: '%',
      from,
      to,
      max: 100,
      series: [
        { name: 'overridden, of those answered', points: points(({ overridden }) => overridden) },
        { name: 'no response, of those shown', points: points(({ noResponse }) => noResponse) },
      ],
      marks,
    }),
  };
}

type Bars = BarPlot['bars'];

interface BarFigure {
  readonly title: string;
  readonly unit: string;
  readonly bars: Bars;
  readonly order: string;
}

function bars(table: string, { title, unit, bars: all, order }: BarFigure): readonly [string, Plot] | undefined {
  if (all.length === 0) return undefined;
  const caption = all.length > MOST_BARS ? `${title}: ${MOST_BARS} of ${all.length}, ${order}` : title;
  const description = `${unit}, ${order}. The table with the same figures stands beside it.`;
  return [table, { caption, svg: barPlot({ title: caption, description, unit, bars: all.slice(0, MOST_BARS) }) }];
}

function groupBars(by: string, groups: readonly GroupInsight[], nameless: string): BarFigure {
  return {
    title: `Overridden, of the showings that were answered, by ${by}`,
    unit: '% of the answered showings, with the 95 % interval',
    bars: groups.flatMap((group) => overriddenBar(group.name ?? nameless, group)),
    order: 'the most showings first',
  };
}

function overriddenBar(label: string, { overridden }: Outcomes): Bars {
  return rateBar(label, overridden);
}

/** None where there is nothing to divide by. */
function rateBar(label: string, { count, of, rate, interval }: Proportion): Bars {
  if (rate === undefined) return [];
  return [
    {
      label,
      value: 100 * rate,
      interval: interval && [100 * interval[0], 100 * interval[1]],
      note: `${inWords(count)} of ${inWords(of)}`,
    },
  ];
}
