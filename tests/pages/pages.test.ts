import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import { criteriaOf } from '../../src/guideline/compile.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { sourceAttributes } from '../../src/guideline/source-attributes.ts';
import { citable } from '../../src/guideline/statements.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { changed, folderOfCards, folderWith, plainCard, shipped } from '../guideline/folder.ts';
import { violationsOf } from '../support/accessibility.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import { call, type Served, serve } from '../support/http.ts';
import { catalogue, guideline, serveService } from '../support/service.ts';

// The first look at a page works out all its wordings, and some tests look at every page.
jest.setTimeout(60_000);

/** One guideline for everyone. */
const of = (everyones: Guideline) => (site: string | undefined) => (site === undefined ? everyones : undefined);

let service: Served;

beforeAll(async () => {
  service = await serveService();
});
afterAll(() => service.close());

const ids = guideline.cards.map(({ file }) => file.id);
const pages = [
  '/',
  '/evidence',
  '/evidence/value-sets',
  '/evidence/value-sets/asps',
  ...ids.map((id) => `/evidence/${id}`),
];

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}

/** What is read of a page. */
function wordsOf(html: string): string {
  const [, main = ''] = html.split('<main');
  const text = main.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
  return [...ENTITIES].reduce((so, [entity, character]) => so.replaceAll(entity, character), text);
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
]);

/** Pages of a guideline, alone. */
async function servePages(files: ReadonlyMap<string, string>): Promise<Served> {
  return serve(express().use(guidelinePages(of(loadGuideline(files)), () => 'https://cds.example')));
}

describe.each(pages)('the page %s', (path) => {
  test('is HTML under a policy that lets nothing run', async () => {
    const { status, headers, text } = await call(`${service.url}${path}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/(^|;)default-src 'none'(;|$)/);
    expect(policy).toMatch(/(^|;)style-src 'self'(;|$)/);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).not.toBeNull();
    expect(headers.get('referrer-policy')).not.toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  test('has no script, no inline style and nothing that loads from elsewhere', async () => {
    const { text } = await call(`${service.url}${path}`);
    expect(text).not.toMatch(/<script|<style|<iframe|<img|<form|\son\w+=|style=|javascript:/i);
    expect(text.match(/<link [^>]*>/g)).toEqual(['<link rel="stylesheet" href="/page.css">']);
  });

  test('has one title, one main heading, and nothing left of a template', async () => {
    const { text } = await call(`${service.url}${path}`);
    expect(text.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1);
    expect(text.match(/<title>[^<]+<\/title>/g)).toHaveLength(1);
    expect(text).not.toMatch(/\{\{|\}\}|\{%|undefined|\[object/);
  });

  test('leads to pages that exist', async () => {
    const { text } = await call(`${service.url}${path}`);
    const own = new Set([...text.matchAll(/href="(\/[^"]*)"/g)].map(([, href = '']) => href));
    const statuses = await Promise.all(
      [...own].map(async (href) => [href, (await call(`${service.url}${href}`)).status]),
    );
    expect(statuses).toEqual([...own].map((href) => [href, 200]));
  });
});

describe('the start page', () => {
  // CH-17.
  test('says what this is, that it is open, where discovery is, and links every card', async () => {
    const { text } = await call(`${service.url}/`);
    expect(text).toContain('alveolar soft part sarcoma');
    expect(text).toMatch(/open mode/i);
    expect(text).toContain('https://cds.example/cds-services');
    for (const id of ids) expect(text).toContain(`href="/evidence/${id}"`);
  });
});

describe('the list of cards', () => {
  test('has each card once, in its group, with its hooks, its urgency, its level and its review', async () => {
    const { text } = await call(`${service.url}/evidence`);
    const groups = text.split('<h2>').slice(1);
    expect(groups.map((group) => group.slice(0, group.indexOf('</h2>')))).toEqual([
      'Safety',
      'Contradiction',
      'Gap',
      'Option',
      'Codes',
    ]);
    for (const { file, hooks } of guideline.cards) {
      const group = groups[Math.min(Math.trunc(file.priority / 100), 3)] ?? '';
      const row = group.split('<tr ').find((one) => one.includes(`href="/evidence/${file.id}"`)) ?? '';
      for (const words of [file.title, file.evidenceLevel, file.reviewed, file.reviewDue, ...hooks.keys()])
        expect(row).toContain(escaped(words));
      expect(text.split(`href="/evidence/${file.id}"`)).toHaveLength(2);
    }
  });

  test('says which reviews are overdue', async () => {
    const later = await serveService({ now: () => new Date('2099-01-01T12:00:00Z') });
    const { text } = await call(`${later.url}/evidence`);
    expect(text.match(/review overdue since/g)).toHaveLength(guideline.cards.length);
    const card = await call(`${later.url}/evidence/${ids[0]}`);
    expect(card.text).toContain('Review overdue.');
    const now = await call(`${service.url}/evidence/${ids[0]}`);
    expect(now.text).not.toContain('overdue');
    await later.close();
  });
});

describe.each(guideline.cards.map((card) => [card.file.id, card] as const))('the evidence page of %s', (id, card) => {
  let text = '';
  let words = '';
  beforeAll(async () => {
    ({ text } = await call(`${service.url}/evidence/${id}`));
    words = wordsOf(text);
  });

  test('has its parts in their order, under headings that leave out no level', () => {
    expect([...text.matchAll(/<h2 id="([^"]+)">/g)].map(([, part]) => part)).toEqual([
      'says',
      'when',
      'criteria',
      'offers',
      'evidence',
      'sources',
      'value-sets',
      'history',
      'attributes',
    ]);
    const levels = [...text.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('links each source and says of whom it speaks', () => {
    expect(card.sources.length).toBeGreaterThan(0);
    for (const source of card.sources) {
      expect(text).toContain(
        source.url === undefined
          ? escaped(source.label)
          : `<a class="out" href="${escaped(source.url)}">${escaped(source.label)}</a>`,
      );
      expect(text).toContain(escaped(source.population));
      expect(text).toContain(escaped(source.level));
    }
  });

  test('has version, review, statements in words, reasons for declining and limits', () => {
    const { file } = card;
    for (const part of [
      file.title,
      file.version,
      file.reviewed,
      file.reviewDue,
      file.evidenceLevel,
      guideline.file.limits,
      guideline.file.developer,
      guideline.file.funding,
      ...file.statements,
      ...citable(catalogue)
        .filter((one) => file.statements.includes(one.id))
        .map(({ says }) => says),
      ...card.overrideReasons.map(({ display }) => display),
    ]) {
      expect(words).toContain(part.trim().replaceAll(/\s+/g, ' '));
    }
  });

  test('has every word of its texts, whatever they depend on', () => {
    const { file } = card;
    for (const source of [
      file.summary,
      ...Object.values(file.detail),
      ...card.suggestions.map((one) => one.file.label),
    ]) {
      // What stands between two tags or variables of a template is the same for every patient who gets it.
      for (const piece of source.split(/\{%.*?%\}|\{\{.*?\}\}/s)) {
        expect(words).toContain(piece.trim().replaceAll(/\s+/g, ' '));
      }
    }
  });

  test('asks each of its criteria in words, and says when it is looked at', () => {
    for (const criterion of criteriaOf(card)) {
      expect(text).toContain(`id="criterion-${criterion}"`);
      expect(words).toContain(CRITERIA.get(criterion)?.question);
    }
    for (const hook of card.hooks.keys()) expect(text).toContain(`<code>${hook}</code>`);
    for (const { level } of card.indicators) expect(text).toContain(`<span class="level ${level}">${level}</span>`);
  });

  test('shows each order with its codes', () => {
    for (const { order } of card.suggestions) {
      if (order === undefined) continue;
      const { resource } = order.file;
      const concept = resource.resourceType === 'ServiceRequest' ? resource.code : resource.medicationCodeableConcept;
      for (const { code } of concept?.coding ?? []) expect(text).toContain(`<code>${code}</code>`);
    }
  });

  test('has the thirteen source attributes', () => {
    const [, list = ''] = text.split('<ol class="attributes">');
    expect(list.match(/<li><strong>/g)).toHaveLength(13);
    for (const { name } of sourceAttributes(card, guideline)) expect(list).toContain(escaped(name));
  });

  test('points nowhere within the page where nothing is, and has no id twice', () => {
    const all = [...text.matchAll(/ id="([^"]+)"/g)].map(([, one]) => one);
    expect(new Set(all).size).toBe(all.length);
    const targets = [...text.matchAll(/(?:href="#|aria-labelledby=")([^"]+)"/g)].map(([, one]) => one);
    expect(targets.filter((one) => !all.includes(one))).toEqual([]);
  });
});

describe('a value set', () => {
  test('has a page with every code, where it was found, and CPT codes without a description', async () => {
    const { text } = await call(`${service.url}/evidence/value-sets/mri-brain`);
    expect(text).toContain('<code>24587-8</code>');
    expect(text).toMatch(/<code>70553<\/code>[^]*?no description \(licensed\)/);
    expect(text).toContain('American Medical Association');
  });

  test('with a pattern shows the pattern', async () => {
    const { text } = await call(`${service.url}/evidence/value-sets/metastasis-bone`);
    expect(text).toMatch(/<code>C79\\\.5\.\*<\/code>[^]*?Every code of this pattern/);
  });
});

test('no page knows of a patient', async () => {
  const names = ['Testcase', 'HTEST', 'Patient/', '1990-', 'birthDate'];
  for (const path of pages) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { text } = await call(`${service.url}${path}`);
    expect(names.filter((name) => text.includes(name))).toEqual([]);
  }
});

describe('a page that does not exist', () => {
  test.each([
    '/evidence/nothing',
    '/evidence/__proto__',
    '/evidence/%3Cscript%3E',
    '/evidence/x/y',
    '/evidence/value-sets/nothing',
    '/evidence/value-sets/__proto__',
    '/evidence/constructor',
    '/evidence/..%2f..%2fpackage.json',
    '/evidence/%00',
    `/evidence/${'a'.repeat(5000)}`,
    '/nothing',
    '/page.js',
  ])('%s is a 404 with an OperationOutcome that does not repeat it', async (path) => {
    const { status, headers, body, text } = await call(`${service.url}${path}`);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'not-found' }] });
    expect(fhirErrors(body)).toEqual([]);
    expect(text).not.toMatch(/script|__proto__|nothing at \/|page\.js|package|aaaa/);
  });
});

test('the stylesheet is CSS and loads nothing', async () => {
  const { status, headers, text } = await call(`${service.url}/page.css`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/css/);
  expect(text).not.toMatch(/@import|url\(/);
});

describe('what a site changes', () => {
  const overlay = {
    folder: 'site/',
    files: new Map([
      ['overlay.yaml', 'name: North\nversion: 1.0.0\nmaintainer: Informatics\ndate: 2026-11-22\n'],
      ['record-stage.yaml', 'because: Tried out <b>first</b>.\nstate: shadow\n'],
      ['confirm-diagnosis.yaml', 'because: Pathology asks itself.\nstate: off\n'],
    ]),
  };

  test('stands on the pages: reasons, cards in shadow, cards switched off', async () => {
    const changedGuideline = loadGuideline(shipped, [overlay]);
    const alone = await serve(express().use(guidelinePages(of(changedGuideline), () => 'https://cds.example')));
    const list = await call(`${alone.url}/evidence`);
    expect(list.text).toMatch(/record-stage"[^]*?in shadow: not shown/);
    expect(list.text).toMatch(/confirm-diagnosis"[^]*?switched off/);
    const shadow = await call(`${alone.url}/evidence/record-stage`);
    expect(shadow.text).toContain('In shadow.');
    expect(shadow.text).toContain('Tried out &lt;b&gt;first&lt;/b&gt;.');
    const off = await call(`${alone.url}/evidence/confirm-diagnosis`);
    expect(off.text).toContain('Switched off.');
    expect(await violationsOf(off.text)).toEqual([]);
    await alone.close();
  });
});

test('without a catalogue a page names its statements by their ids', async () => {
  const alone = await servePages(shipped);
  const { text } = await call(`${alone.url}/evidence/record-stage`);
  expect(text).toContain('S-016');
  expect(text).toContain('not in the catalogue');
  await alone.close();
});

test('the versions of a card are those of its history, newest first', async () => {
  const history = [
    { version: '2.0.0', date: '2026-06-01', change: 'Asks for <the> stage.' },
    { version: '1.0.0', date: '2026-01-01', change: 'First version.' },
  ];
  const alone = await servePages(folderOfCards(plainCard('a', { version: '2.0.0', history }), plainCard('b')));
  const [a, b] = [await call(`${alone.url}/evidence/a`), await call(`${alone.url}/evidence/b`)];
  expect(a.text).toMatch(/2\.0\.0<[^]*?2026-06-01<[^]*?Asks for &lt;the&gt; stage\.[^]*?1\.0\.0</);
  expect(a.text).toContain('This card: 2.0.0 on 2026-06-01, 1.0.0 on 2026-01-01; last reviewed');
  expect(b.text).toMatch(/1\.0\.0<[^]*?2026-01-01<[^]*?First version\./);
  expect(() => loadGuideline(folderOfCards(plainCard('a', { version: '2.1.0', history })))).toThrow(
    /the version is 2\.1\.0; history must begin with it/,
  );
  await alone.close();
});

describe('what the cards folder says is text on a page, never markup', () => {
  const HOSTILE = '<script>alert("1")</script>\'&amp;';

  test('on the page of a card, and in both lists', async () => {
    const files = folderOfCards(
      plainCard('a', {
        title: HOSTILE,
        detail: { consider: 'Consider it.', evidence: `Evidence ${HOSTILE}`, regulatory: `Regulatory ${HOSTILE}` },
      }),
    );
    const alone = await servePages(files);
    for (const path of ['/', '/evidence', '/evidence/a']) {
      // oxlint-disable-next-line no-await-in-loop -- three pages
      const { text } = await call(`${alone.url}${path}`);
      expect(text).not.toContain('<script');
      expect(text).toContain('&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&#39;&amp;amp;');
    }
    await alone.close();
  });

  test('in a source, an override reason and the limits', async () => {
    const files = folderWith({
      ...changed('sources.yaml', (list) => {
        for (const source of list as unknown as Record<string, unknown>[]) {
          Object.assign(source, {
            label: HOSTILE,
            population: HOSTILE,
            note: HOSTILE,
            url: 'https://x.example/"><script>',
          });
        }
      }),
      ...changed('override-reasons.yaml', (list) => {
        for (const reason of list as unknown as Record<string, unknown>[]) reason['display'] = HOSTILE;
      }),
      ...changed('guideline.yaml', (file) => (file['limits'] = HOSTILE)),
    });
    expect(() => loadGuideline(files)).toThrow(/url must match format "uri"/);
    const withoutUrl = new Map([
      ...files,
      ['sources.yaml', (files.get('sources.yaml') ?? '').replaceAll('/"><script>', '/?a=1&b=2')],
    ]);
    const alone = await servePages(withoutUrl);
    const { text } = await call(`${alone.url}/evidence/record-stage`);
    expect(text).not.toContain('<script');
    expect(text).toContain('<a class="out" href="https://x.example/?a=1&amp;b=2">&lt;script&gt;');
    await alone.close();
  });
});
