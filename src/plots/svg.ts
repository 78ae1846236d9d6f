/** Attributes by name; a number is rounded to a tenth, and what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Markup that is whole and safe to put into a page: everything that came in was escaped. */
export interface Markup {
  readonly markup: string;
}

/** An SVG element. Text among its content is escaped. */
export function element(name: string, attributes: Attributes, ...content: readonly (Markup | string)[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([attribute, value]) => ` ${attribute}="${escaped(typeof value === 'number' ? tenths(value) : String(value))}"`,
    );
  const inner = content.map((part) => (typeof part === 'string' ? escaped(part) : part.markup));
  return { markup: `<${name}${written.join('')}>${inner.join('')}</${name}>` };
}

export interface Picture {
  readonly title: string;
  readonly description: string;
  readonly height: number;
}

/** In the units of the picture: as wide as the narrowest screen that it is made for, so that its text is not made smaller there. */
export const WIDTH = 360;
export const FONT_SIZE = 13;
export const LINE_HEIGHT = 17;
/** Of one letter, on the average; nothing here can measure text, so it is rather too wide. */
const LETTER_WIDTH = 7;

/**
 * A picture that says what it is to those who do not see it, in the colour and on the ground of the text around it. It needs no
 * style, script or id, and is as wide as its place; class `plot` is there to bound it.
 */
export function picture({ title, description, height }: Picture, ...content: readonly Markup[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      role: 'img',
      class: 'plot',
      viewBox: `0 0 ${WIDTH} ${tenths(height)}`,
      width: '100%',
      fill: 'currentColor',
      'font-family': 'system-ui, sans-serif',
      'font-size': FONT_SIZE,
    },
    // First, as they name the whole (SVG 2, 5.7).
    element('title', {}, title),
    element('desc', {}, description),
    ...content,
  ).markup;
}

/** How wide a text is at most, roughly. */
export function widthOf(text: string): number {
  return text.length * LETTER_WIDTH;
}

/** What fits into this width; the rest is an ellipsis. */
export function fitted(text: string, width: number): string {
  const letters = Math.max(1, Math.floor(width / LETTER_WIDTH));
  const all = Array.from(text);
  return all.length <= letters
    ? text
    : `${all
        .slice(0, letters - 1)
        .join('')
        .trimEnd()}…`;
}

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
