import { CANARY, LINK, LIQUID } from './canary.ts';

const KILO = 1000;
const PHRASES = [
  'alveolar soft part sarcoma, ',
  'no evidence of metastatic disease; ',
  'margins not clear, not negative, not involved. ',
  'MRI brain without ',
  'doxorubicin 75 mg/m2 every 3 weeks ',
];

/** JSON that JSON.stringify would not write, or that is too long to be carried about: made when the body is written. */
const RAW: Readonly<Record<string, () => string>> = {
  'minus-zero': () => '-0',
  'largest-exponent': () => '1e308',
  infinite: () => '1e999',
  'minus-infinite': () => '-1e999',
  vanishing: () => '1e-400',
  'no-safe-integer': () => '9007199254740993',
  'four-hundred-digits': () => '7'.repeat(400),
  'same-member-twice': () => `{"reference":"Patient/${CANARY}","reference":"Patient/other"}`,
  'prototype-member': () =>
    '{"__proto__":{"polluted":true,"status":"active"},"constructor":{"prototype":{"polluted":1}}}',
  'two-thousand-lists': () => nested('[', ']', 2 * KILO),
  'hundred-thousand-lists': () => nested('[', ']', 100 * KILO),
  'five-thousand-objects': () => nested('{"extension":', '}', 5 * KILO, '0'),
  'thousand-contained': () => nested('{"resourceType":"Medication","contained":[', ']}', KILO),
  'ten-thousand-nulls': () => listOf('null'),
  'ten-thousand-lists': () => listOf('[]'),
  'ten-thousand-objects': () => listOf('{}'),
  'ten-thousand-texts': () => listOf('"sarcoma"'),
  'ten-thousand-codings': () => listOf('{"system":"http://snomed.info/sct","code":"363346000"}'),
  'ten-thousand-conditions': () => listOf('{"resource":{"resourceType":"Condition","code":{"text":"ASPS"}}}'),
  'long-spaces': () => quoted(' '.repeat(60 * KILO)),
  'long-letters': () => quoted('a'.repeat(60 * KILO)),
  'long-digits': () => quoted('1'.repeat(60 * KILO)),
  'long-hyphens': () => quoted('- '.repeat(30 * KILO)),
  'long-newlines': () => quoted('\n'.repeat(60 * KILO)),
  'long-braces': () => quoted('{{'.repeat(30 * KILO)),
  'long-brackets': () => quoted('['.repeat(60 * KILO)),
  'long-escapes': () => quoted('\\'.repeat(60 * KILO)),
  'long-marks': () => quoted(`e${'\u0301'.repeat(60 * KILO)}`),
  ...Object.fromEntries(
    PHRASES.map((phrase, index) => [`long-phrase-${index}`, () => quoted(phrase.repeat((60 * KILO) / phrase.length))]),
  ),
};

const MARKER = /"@raw:([a-z0-9-]+)"/g;

/** Placeholders for what JSON.stringify would not write; `jsonText` fills them in. */
export const RAW_VALUES: readonly string[] = Object.keys(RAW).map((name) => `@raw:${name}`);

/** Values of every type that a member does not expect. */
export const ODD_VALUES: readonly unknown[] = [
  null,
  '',
  [],
  {},
  [[]],
  [null],
  [{}],
  { '': null },
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  ' ',
  '\u0000',
  `\u0000${CANARY}\u0007\u001b[31m`,
  '\ud800',
  `\udc00${CANARY}\ud800`,
  `\u202e${CANARY}\u2066`,
  '\ufeff',
  '\u2028\u2029',
  `<script>alert("${CANARY}")</script>`,
  `<img src=x onerror=${CANARY}>`,
  `**${CANARY}** \`code\` | a | b |\n|---|`,
  LINK,
  LIQUID,
  '{% for i in (1..999999999) %}x{% endfor %}',
  '{% include "/etc/hostname" %}',
  '{{',
  '%}',
  "'; DROP TABLE feedback; --",
  '../../../etc/passwd',
  `${'x'.repeat(300)} ${CANARY}`,
  '#',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  JSON.parse('{"__proto__":{"polluted":true}}'),
  { constructor: { prototype: { polluted: true } } },
  { toString: 1, valueOf: null, length: 3 },
  { resourceType: 'Patient', id: CANARY },
  { resourceType: 'Bundle', type: 'searchset', entry: [{}, { resource: null }, { resource: [] }, null, 'x'] },
  { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception', diagnostics: CANARY }] },
  { coding: null, text: null },
  { coding: [null, {}, { code: 1 }, 'x'], text: [CANARY] },
  { reference: null },
  { reference: `Patient/${CANARY}/_history/x` },
  { value: '1', unit: null, code: 'mg' },
];

/** Names that a member may have by accident or by malice. */
export const ODD_NAMES: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'length',
  '',
  ' ',
  '0',
  '\u0000',
  '\ud800',
  CANARY,
  'context',
  'prefetch',
  'hook',
  'resourceType',
  'extension',
  'contained',
  'code',
  'coding',
  'reference',
  'status',
];

/** Dates at the edges of what is written, of what is valid and of what a Date can hold. */
export const ODD_DATES: readonly string[] = [
  '0000',
  '0000-00-00',
  '0001-01-01',
  '9999-12-31',
  '9999-12-31T23:59:60+14:00',
  '2026',
  '2026-11',
  '2026-13-01',
  '2026-02-30',
  '2024-02-29',
  '2026-11-22T24:00:00Z',
  '2026-11-22T10:00',
  '2026-11-22T10:00:00',
  '2026-11-22T10:00:00.000000000000001-12:00',
  '2026-11-22T10:00:00+99:99',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20',
  '20261122',
  '22.11.2026',
  '11/22/2026',
  '1e9',
  'today',
  '2026-11-22 ',
  '２０２６-11-22',
];

/** References that lead nowhere, back to themselves, or to somebody else. */
export const ODD_REFERENCES: readonly string[] = [
  '',
  '#',
  '#self',
  '#missing',
  'Patient',
  'Patient/',
  '/Patient/1',
  `Patient/${CANARY}`,
  'Patient/somebody-else',
  `Patient/${CANARY}/_history/1`,
  'Medication/loop-a',
  'Procedure/loop-a',
  'Condition/loop-a',
  'urn:uuid:00000000-0000-0000-0000-000000000000',
  'http://127.0.0.1:1/fhir/Patient/1',
  '//',
  'a/b/c/d/e/f',
  'Patient/%2e%2e%2f',
  'Patient?identifier=1',
];

/** The text of a body, with the placeholders filled in. */
export function jsonText(tree: unknown): string {
  return (JSON.stringify(tree) ?? '').replaceAll(MARKER, (marker, name: string) => RAW[name]?.() ?? marker);
}

function nested(open: string, close: string, depth: number, inside = ''): string {
  return open.repeat(depth) + inside + close.repeat(depth);
}

function listOf(item: string): string {
  return `[${Array.from({ length: 10 * KILO }, () => item).join(',')}]`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
