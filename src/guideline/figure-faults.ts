import type { Median, Occurrence, Outcomes, Reactions, Response, Share, Span, Survival } from './figure.ts';
import type { Path } from './source-file.ts';

/** Where in the file, and what is wrong there. */
export interface Fault {
  readonly path: Path;
  readonly what: string;
}

/** What a schema cannot say: the numbers of a figure have to fit one another. */
export function faultsOf(outcomes: Outcomes): readonly Fault[] {
  const lists = ['responses', 'medians', 'survival', 'occurrences', 'reactions'] as const;
  const figures = lists.flatMap((list) => outcomes[list].map((figure, at) => ({ figure, path: [list, at] })));
  const ids = figures.map(({ figure }) => figure.id);
  return [
    ...figures.flatMap(({ figure, path }, at) =>
      [...(ids.indexOf(figure.id) < at ? [`${figure.id} is there twice`] : []), ...numberFaults(figure)].map(
        (what) => ({ path, what }),
      ),
    ),
    ...outcomes.contrasts.flatMap(({ figures: named }, at) =>
      named
        .filter((id) => !ids.includes(id))
        .map((id) => ({ path: ['contrasts', at, 'figures'], what: `there is no figure ${id}` })),
    ),
  ];
}

function numberFaults(figure: Response | Median | Survival | Occurrence | Reactions): readonly string[] {
  const { n } = figure;
  if ('events' in figure)
    return figure.events.flatMap(({ event, ...share }) => shareFaults(share, n).map((fault) => `${event}: ${fault}`));
  if ('median' in figure)
    return [
      ...spanFaults('spread', figure.spread, figure.median),
      ...spanFaults('interval', figure.interval, figure.median),
    ];
  return [
    ...shareFaults(figure, n),
    ...spanFaults('percentRange', figure.percentRange, undefined),
    ...('stage' in figure ? timeFaults(figure) : []),
  ];
}

function timeFaults({ months, monthsRange, percent, percentRange, count }: Survival): readonly string[] {
  const isTime = months !== undefined || monthsRange !== undefined;
  const isShare = percent !== undefined || percentRange !== undefined || count !== undefined;
  return [
    ...spanFaults('monthsRange', monthsRange, undefined),
    ...(isTime && isShare ? ['gives a time and a share: one of them would not be shown'] : []),
  ];
}

function shareFaults({ percent, count, interval }: Share, n: number | undefined): readonly string[] {
  const counted = count === undefined || n === undefined ? undefined : (count / n) * 100;
  return [
    ...(counted !== undefined && counted > 100 ? [`${count} of ${n} is more than all`] : []),
    ...(counted !== undefined && percent !== undefined && Math.abs(counted - percent) > 1
      ? [`${count} of ${n} is ${counted.toFixed(1)} %, not ${percent} %`]
      : []),
    ...spanFaults('interval', interval, percent ?? counted),
  ];
}

function spanFaults(name: string, span: Span | undefined, value: number | undefined): readonly string[] {
  if (span === undefined) return [];
  const [low, high] = span;
  if (low > high) return [`the ${name} runs from ${low} down to ${high}`];
  return value !== undefined && (value < low || value > high)
    ? [`the ${name} ${low} to ${high} does not contain ${value}`]
    : [];
}
