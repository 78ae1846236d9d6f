import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { loadGuideline } from '../../src/guideline/load.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { changed, folderOfCards, folderWith, plainCard } from '../guideline/folder.ts';
import { fhirErrors } from '../support/fhir-schema.ts';
import { call, type Served, serve } from '../support/http.ts';
import { guideline, serveService } from '../support/service.ts';

let service: Served;

beforeAll(async () => {
  service = await serveService();
});
afterAll(() => service.close());

const ids = guideline.cards.map(({ file }) => file.id);
const pages = ['/', '/evidence', ...ids.map((id) => `/evidence/${id}`)];

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}

/** Pages of a guideline, alone. */
async function servePages(files: ReadonlyMap<string, string>): Promise<Served> {
  return serve(express().use(guidelinePages(loadGuideline(files), () => 'https://cds.example')));
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
  test('says what this is, that it is open, where discovery is, and links every card', async () => {
    const { text } = await call(`${service.url}/`);
    expect(text).toContain('alveolar soft part sarcoma');
    expect(text).toMatch(/open mode/i);
    expect(text).toContain('https://cds.example/cds-services');
    for (const id of ids) expect(text).toContain(`href="/evidence/${id}"`);
  });
});

describe.each(guideline.cards.map((card) => [card.file.id, card] as const))('the evidence page of %s', (id, card) => {
  test('links each source and says of whom it speaks', async () => {
    const { text } = await call(`${service.url}/evidence/${id}`);
    expect(card.sources.length).toBeGreaterThan(0);
    for (const source of card.sources) {
      expect(text).toContain(
        source.url === undefined
          ? escaped(source.label)
          : `<a href="${escaped(source.url)}">${escaped(source.label)}</a>`,
      );
      expect(text).toContain(escaped(source.population));
    }
  });

  test('has evidence, regulatory position, statements, version, review, reasons for declining and limits', async () => {
    const { text } = await call(`${service.url}/evidence/${id}`);
    const { file } = card;
    for (const words of [
      file.title,
      file.version,
      file.reviewed,
      file.reviewDue,
      file.evidenceLevel,
      file.statements.join(', '),
      file.detail.evidence.trim().replaceAll(/\s+/g, ' '),
      file.detail.regulatory.trim().replaceAll(/\s+/g, ' '),
      guideline.file.limits,
      ...card.overrideReasons.map(({ display }) => display),
    ]) {
      expect(text.replaceAll(/\s+/g, ' ')).toContain(escaped(words));
    }
  });
});

describe('a page that does not exist', () => {
  test.each([
    '/evidence/nothing',
    '/evidence/__proto__',
    '/evidence/%3Cscript%3E',
    '/evidence/x/y',
    '/nothing',
    '/page.js',
  ])('%s is a 404 with an OperationOutcome that does not repeat it', async (path) => {
    const { status, headers, body, text } = await call(`${service.url}${path}`);
    expect(status).toBe(404);
    expect(headers.get('content-type')).toMatch(/^application\/fhir\+json/);
    expect(body).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ diagnostics: 'not-found' }] });
    expect(fhirErrors(body)).toEqual([]);
    expect(text).not.toMatch(/script|__proto__|nothing at \/|page\.js/);
  });
});

test('the stylesheet is CSS and loads nothing', async () => {
  const { status, headers, text } = await call(`${service.url}/page.css`);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^text\/css/);
  expect(text).not.toMatch(/@import|url\(/);
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
    expect(text).toContain('<a href="https://x.example/?a=1&amp;b=2">&lt;script&gt;');
    await alone.close();
  });
});
