import { describe, expect, test } from '@jest/globals';
import { render } from 'preact-render-to-string';
import { itemsOf, sentencesOf } from '../../../src/guideline/education.ts';
import { Families } from '../../../src/smart-app/families/families.tsx';
import type { FamiliesContent } from '../../../src/smart-app/families/families-view.ts';
import { content } from './content.ts';

const { education } = content;
const { contacts = [] } = content;

function page(more: Partial<FamiliesContent> = {}): string {
  return render(<Families {...content} {...more} />);
}

/** As it stands in HTML, where preact escapes these three in text. */
function inHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

describe('the page for patients and families', () => {
  const html = page();

  test('holds every sentence of the text, every question and every word', () => {
    const texts = [
      education.title,
      education.lead,
      ...education.limits,
      ...itemsOf(education).flatMap((item) => [item.heading, ...sentencesOf(item)]),
      ...education.questions.flatMap(({ about, questions }) => [about, ...questions]),
      ...education.words.flatMap(({ word, means }) => [word, means]),
    ];
    expect(texts.filter((text) => !html.includes(inHtml(text)))).toEqual([]);
  });

  test('holds every contact with its numbers and the date on which it was recorded', () => {
    const texts = contacts.flatMap(({ name, about, lines = [] }) => [
      name,
      ...about,
      ...lines.map(({ number }) => number),
    ]);
    expect(texts.filter((text) => !html.includes(inHtml(text)))).toEqual([]);
    expect(html.match(/Recorded 2026-11 – check before you use it/g)).toHaveLength(contacts.length);
  });

  test('says that it is the same for everybody, and that nobody has reviewed it', () => {
    expect(html).toContain('This page is the same for everybody. Nothing in it comes from your record.');
    expect(html).toContain('No clinician has reviewed this text yet.');
  });

  test('has one first heading, and a heading for every part that it lists', () => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(15);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('leads nowhere but to itself and to the addresses of its sources', () => {
    const known = new Set((content.sources ?? []).flatMap(({ url }) => (url === undefined ? [] : [inHtml(url)])));
    const links = [...html.matchAll(/href="([^#"][^"]*)"/g)].map(([, url = '']) => url);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((url) => !known.has(url))).toEqual([]);
    expect(html).not.toMatch(/href="tel:/);
  });

  test('opens a source without telling it where the reader comes from', () => {
    const outside = html.match(/<a [^>]*href="https?:[^>]*>/g) ?? [];
    expect(outside.filter((link) => !link.includes('rel="noopener noreferrer"'))).toEqual([]);
  });

  test('has neither inline style nor script', () => {
    expect(html).not.toMatch(/ style=|<script|<style/);
  });
});

test('without contacts it says so', () => {
  const html = page({ contacts: [] });
  expect(html).toContain('No contacts are recorded here. Ask your team whom you can turn to.');
  expect(html).not.toContain('888');
});

test('contacts and sources that could not be fetched are not said to be none', () => {
  const html = page({ contacts: undefined, sources: undefined });
  expect(html).toContain('The contacts have not been fetched from the service');
  expect(html).not.toContain('No contacts are recorded');
  expect(html).toContain('more about it has not been fetched');
  expect(html).toContain('This page is the same for everybody.');
});

test("a site's own contact shows its page and where it was taken from", () => {
  const html = page({
    contacts: [
      {
        id: 'clinic',
        name: 'Sarcoma clinic',
        kind: 'centre',
        audience: 'everyone',
        place: 'This hospital',
        about: ['Ask for an appointment on weekdays.'],
        url: 'https://hospital.example.org/sarcoma',
        recorded: '2026-11-20',
        takenFrom: 'The directory of the hospital',
      },
    ],
  });
  expect(html).toContain('href="https://hospital.example.org/sarcoma"');
  expect(html).toContain('From: The directory of the hospital');
  expect(html).toContain('Recorded 2026-11-20');
});

test('a text is text, whatever it holds', () => {
  const html = page({ education: { ...education, lead: '<img src=x onerror=alert(1)>' } });
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x');
});
