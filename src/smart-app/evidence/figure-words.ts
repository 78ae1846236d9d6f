import type { Figure, Outcomes, Population, Share, Span } from '../../guideline/figure.ts';

/** The sign stays on the line of its number. */
const PERCENT = '\u00a0%';

/** Read by people: with a true minus. */
function numberText(value: number): string {
  return String(value).replace('-', '−');
}

/** `13–39`; `−100 to −36.6`, where a dash would be taken for a minus. */
export function spanText([low, high]: Span): string {
  return `${numberText(low)}${low < 0 || high < 0 ? ' to ' : '–'}${numberText(high)}`;
}

export function percentText(percent: number): string {
  return `${numberText(percent)}${PERCENT}`;
}

/** The figure as published: a count where no percentage was. */
export function shareText({ percent, percentRange, about, count }: Share, n: number | undefined): string {
  const approximately = about === true ? 'about ' : '';
  if (percent !== undefined) return `${approximately}${percentText(percent)}`;
  if (percentRange !== undefined) return `${approximately}${spanText(percentRange)}${PERCENT}`;
  if (count === undefined) return 'no figure given';
  return n === undefined ? `${count} patients` : `${count} of ${n}`;
}

/** `49`; where the number is not known, why. */
export function sizeText({ n, withoutN }: Pick<Figure, 'n' | 'withoutN'>): string {
  return n === undefined ? `n not known. ${withoutN ?? ''}`.trim() : String(n);
}

/** `12 of 49`, or the number alone where no count was published. */
export function countText(figure: Pick<Figure, 'n' | 'withoutN'>, count: number | undefined): string {
  if (figure.n === undefined) return sizeText(figure);
  return count === undefined ? `n = ${figure.n}` : `${count} of ${figure.n}`;
}

/** A confidence interval is published or absent, never computed. */
export function intervalText(interval: Span | undefined): string {
  return interval === undefined ? 'none published' : spanText(interval);
}

/** Who the patients were, as far as it was recorded. */
export function populationText({ who, age, line, country, era }: Population): string {
  return [who, age, line, country, era].filter((part) => part !== undefined).join('; ');
}

/** What is to be known before a figure is believed. */
export function flagsOf({ status, notAsps }: Pick<Figure, 'status' | 'notAsps'>): readonly string[] {
  return [...(status === 'verified' ? [] : [status]), ...(notAsps === undefined ? [] : [`not ASPS: ${notAsps}`])];
}

/** Why some of these figures disagree. */
export function contrastsAmong(figures: readonly Pick<Figure, 'id'>[], { contrasts }: Outcomes): readonly string[] {
  const ids = new Set(figures.map(({ id }) => id));
  return contrasts.filter(({ figures: named }) => named.every((id) => ids.has(id))).map(({ why }) => why);
}

/** At the beginning of a line. */
export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Those of one measure together, in the order in which the measures first come. */
export function byMeasure<One extends { readonly measure: string }>(figures: readonly One[]): readonly One[] {
  return [...Map.groupBy(figures, ({ measure }) => measure).values()].flat();
}
