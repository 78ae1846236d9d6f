import { describe, expect, test } from '@jest/globals';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import { RESOURCE_KEYS } from '../../../src/chart/reading.ts';
import { Missing } from '../../../src/smart-app/missing/missing.tsx';
import { OpenRecordContext } from '../../../src/smart-app/parts/records.tsx';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { situationOf } from '../header/situation-of.ts';

describe('The panel of what is missing', () => {
  test('counts what there is to work through, under a heading for each kind', async () => {
    const html = shown(await situationOf('no-stage', { without: ['encounters'] }));
    expect(html).toMatch(/\d+ entries to work through\./);
    for (const title of ['Could not be read', 'Left open by what is on file', 'No record found']) {
      expect(html).toContain(`<h3>${title} `);
    }
  });

  test('opens the record that leaves a doubt', async () => {
    expect(shown(await situationOf('second-cancer'))).toMatch(
      /<button[^>]*><span class="record-text">Multiple lung metastases/,
    );
  });

  test('shows a server’s answer as text, whatever it holds', async () => {
    const html = shown(
      await situationOf('no-stage', {
        without: ['encounters'],
        answers: new Map([['encounters', { status: 500, says: '<script>alert(1)</script>' }]]),
      }),
    );
    expect(html).not.toContain('<script');
    expect(html).toContain('500: &lt;script>alert(1)&lt;/script>');
  });

  test('says that it may yet change while parts are being read, and calls nothing complete', async () => {
    const html = shown(await situationOf('metastatic-untreated', { pending: RESOURCE_KEYS }));
    expect(html).toMatch(/role="status">Still reading: Patient, Condition/);
    expect(html).not.toContain('Nothing is missing');
    expect(html).not.toContain('Could not be read');
  });

  test('asks for nothing of a patient who has died, and says so', async () => {
    const html = shown(
      await situationOf('no-stage', {
        edit: (resources) =>
          resources.map((one) => (one.resourceType === 'Patient' ? { ...one, deceasedBoolean: true } : one)),
      }),
    );
    expect(html).toContain('Recorded as deceased: nothing is asked for.');
    expect(html).not.toMatch(/<h3>|to work through|is missing/);
  });

  test('says which records were left out', async () => {
    const situation = await situationOf('no-stage');
    expect(shown({ ...situation, skipped: 2 })).toContain('2 records were left out');
    expect(shown({ ...situation, skipped: 1 })).toContain('1 record was left out');
    expect(shown(situation)).not.toContain('left out');
  });
});

function shown(situation: Situation): string {
  return render(h(OpenRecordContext.Provider, { value: () => undefined, children: h(Missing, { situation }) }));
}
