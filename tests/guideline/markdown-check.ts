import * as fc from 'fast-check';

/** Pieces that mean something to a markdown renderer or to the eye, and the text between them. */
const PIECES: readonly string[] = [
  ...Array.from('<>&@\\`*_[]()|~#!{}:/.-+'),
  ...Array.from('\n\r\t \u0000\u001B\u0085\u2028\u2029\u200B\u202E\u2066\uFEFF'),
  ...'<script> &lt; &#64; http:// https:// x.example {{ %} ![ ]( ``` 🩻 é abc'.split(' '),
];

/** Whatever may stand in a chart: any characters, more of the dangerous ones than chance would bring. */
export const chartText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join('')),
);

/** One character as a renderer takes it: an entity, an escaped character, or the character itself. */
const UNIT = /&(?:lt|gt|amp|#\d{1,3});|\\[!-/:-@[-`{-~]|[^]/gu;

const NAMED: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** What a reader sees of escaped text. */
export function visible(escaped: string): string {
  return (escaped.match(UNIT) ?? []).map(shownAs).join('');
}

function shownAs(unit: string): string {
  const named = NAMED[unit];
  if (named !== undefined) return named;
  if (unit.startsWith('&#')) return String.fromCodePoint(Number(unit.slice(2, -1)));
  return unit.length === 2 && unit.startsWith('\\') ? unit.slice(1) : unit;
}

/** What of the text a renderer of GitHub Flavored Markdown could take for anything but words on one line. */
export function faultsOf(escaped: string): readonly string[] {
  const bare = (escaped.match(UNIT) ?? []).filter((unit) => /^[<>&\\`*_[\]|~#!{}]$/.test(unit));
  const faults: readonly (readonly [is: boolean, fault: string])[] = [
    ...bare.map((unit) => [true, `${unit} is not escaped`] as const),
    [/[\p{Cc}\p{Zl}\p{Zp}]/u.test(escaped), 'a control or a line break'],
    [/\p{Cf}/u.test(escaped), 'a character that cannot be seen'],
    [/:\/\/|(?<![\p{L}\p{N}_])www\.|(?:mailto|xmpp|javascript):\S/iu.test(escaped), 'an address that links itself'],
    [/[\w.+-]@\w/.test(escaped), 'a mail address that links itself'],
    [visible(escaped).length > 80, 'longer than 80 characters'],
  ];
  return faults.flatMap(([is, fault]) => (is ? [fault] : []));
}
