import { describe, expect, test } from '@jest/globals';
import { h } from 'preact';
import { render } from 'preact-render-to-string';
import type { Readings } from '../../../src/chart/reading.ts';
import { Header } from '../../../src/smart-app/header/header.tsx';
import { HeaderIdentity } from '../../../src/smart-app/header/header-identity.tsx';
import { OpenRecordContext } from '../../../src/smart-app/parts/records.tsx';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { TODAY } from '../../support/service.ts';
import { situationOf } from './situation-of.ts';

describe('The header', () => {
  test('is the region of the patient, headed by the name', async () => {
    const html = shown(await situationOf('on-atezolizumab-lung-bone'));
    expect(html).toMatch(/^<section class="header" aria-label="Patient">/);
    expect(html).toContain('<h1>Ivo Testcase</h1>');
    expect(html).toContain('39 years');
    expect(html).toContain('born 1987-03-03');
  });

  test('says of each value what its button opens', async () => {
    const html = shown(await situationOf('on-atezolizumab-lung-bone'));
    expect(html).toMatch(
      /<button[^>]*><span class="record-text">atezolizumab<\/span><span class="heard"> – opens medication order, 2025-04-14/,
    );
  });

  test('is text, and no button, where nobody opens records', async () => {
    expect(render(h(Header, { situation: await situationOf('on-atezolizumab-lung-bone') }))).not.toContain('<button');
  });

  test('shows markup in a name as the text that it is', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) =>
          one.resourceType === 'Patient' ? { ...one, name: [{ text: '<img src=x onerror=alert(1)>' }] } : one,
        ),
    });
    const html = shown(situation);
    expect(html).not.toContain('<img');
    expect(html).toContain('<h1>&lt;img src=x onerror=alert(1)></h1>');
  });

  test('says what is not recorded of who the patient is', async () => {
    const html = shown(await situationOf('age-unknown'));
    expect(html).toContain('age not recorded');
    expect(html).toContain('birth date not recorded');
  });

  test('puts a death before everything else', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) => (one.resourceType === 'Patient' ? { ...one, deceasedDateTime: '2026-10-30' } : one)),
    });
    expect(shown(situation)).toMatch(
      /<ul class="header-facts"><li class="header-died">Recorded as deceased: 2026-10-30<\/li><li>39 years at death/,
    );
  });

  test('stands with the patient alone, and says where even that is missing', async () => {
    const { readings } = await situationOf('on-atezolizumab-lung-bone');
    const patient = new Map([...readings].filter(([key]) => key === 'patient'));
    const pending = new Set(['patient', 'conditions'] as const);
    expect(render(h(HeaderIdentity, { readings: patient, pending, now: TODAY }))).toContain('Ivo Testcase');
    const waiting = render(h(HeaderIdentity, { readings: new Map(), pending, now: TODAY }));
    expect(waiting).toContain('still reading: Patient');
    const unread: Readings = new Map([['patient', { state: 'unread', reason: 'refused' }]]);
    const refused = render(h(HeaderIdentity, { readings: unread, pending: new Set<never>(), now: TODAY }));
    expect(refused).toContain('could not be read: Patient (access refused)');
    expect(refused).toContain('Name not known');
  });
});

function shown(situation: Situation): string {
  return render(h(OpenRecordContext.Provider, { value: () => undefined, children: h(Header, { situation }) }));
}
