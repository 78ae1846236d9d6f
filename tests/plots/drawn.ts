import { JSDOM } from 'jsdom';

/** As much of an element as is looked at here; the project has no types of the DOM for what runs in Node. */
export interface Drawn {
  readonly tagName: string;
  readonly textContent: string;
  readonly outerHTML: string;
  readonly children: readonly Drawn[];
  getAttribute(name: string): string | null;
  querySelector(selector: string): Drawn | null;
  querySelectorAll(selector: string): Iterable<Drawn> & { readonly length: number };
}

/** The picture as a page has it: parsed as HTML, which is how it is served. */
export function drawn(svg: string): Drawn {
  const document = new JSDOM(pageOf(svg)).window.document as Drawn;
  const found = document.querySelector('svg');
  if (found === null) throw new Error('There is no picture');
  return found;
}

/** What it says, line by line. */
export function textsIn(svg: string): readonly string[] {
  return [...drawn(svg).querySelectorAll('text')].map(({ textContent }) => textContent);
}

/** Each place and length in it. */
export function numbersIn(svg: Drawn): readonly number[] {
  const places = ['x', 'y', 'width', 'height', 'd', 'transform'].flatMap((name) =>
    [...svg.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name) ?? ''),
  );
  // Of paths the places that are absolute; shapes around a place reach to its other side.
  return places
    .filter((place) => /^[\d.-]+$|^translate|^NaN|^-?Infinity/.test(place))
    .flatMap((place) =>
      place
        .replaceAll(/translate|[()]/g, ' ')
        .trim()
        .split(/\s+/)
        .map(Number),
    );
}

export function pageOf(svg: string): string {
  return `<!doctype html><html lang="en"><head><title>A page</title></head><body><main><h1>A page</h1>${svg}</main></body></html>`;
}
