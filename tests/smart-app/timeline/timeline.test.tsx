import { expect, test } from '@jest/globals';
import { render } from 'preact-render-to-string';
import { OpenRecordContext } from '../../../src/smart-app/parts/records.tsx';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { Timeline } from '../../../src/smart-app/timeline/timeline.tsx';
import { complete } from '../../chart/builders.ts';
import { PATIENTS, situationFrom, situationOf } from '../header/situation-of.ts';

const htmlOf = (situation: Situation) =>
  render(
    <OpenRecordContext.Provider value={() => undefined}>
      <Timeline situation={situation} />
    </OpenRecordContext.Provider>,
  );

test.each(PATIENTS)('is made of every chart: %s', async (patientId) => {
  const html = htmlOf(await situationOf(patientId));
  expect(html).not.toMatch(/NaN|Infinity|undefined|style="/);
  expect(html).not.toContain('could not be made of this chart');
});

test('every row of the table opens the record behind it', async () => {
  const html = htmlOf(await situationOf('progressed-on-both'));
  const table = html.slice(html.indexOf('<table'), html.indexOf('</table>'));
  expect(table.match(/<tr><td/g)).toHaveLength(9);
  expect(table.match(/<button type="button" class="record"/g)).toHaveLength(9);
});

test('text of the chart is text', async () => {
  const html = htmlOf(await situationOf('hostile-text'));
  expect(html).toContain('&lt;img src=x');
  expect(html).not.toMatch(/<img|<script|<a\b/);
});

test('characters that cannot be seen do not reach the picture', async () => {
  const html = htmlOf(
    await situationOf('localised-resected', {
      edit: (resources) =>
        resources.map((resource) =>
          resource.resourceType === 'Procedure'
            ? { ...resource, code: { text: 'Wide excision of sarcoma\u202Eevil' } }
            : resource,
        ),
    }),
  );
  expect(html).toContain('Wide excision of sarcoma evil');
  expect(html).not.toContain('\u202E');
});

test('two pictures of one page have no id in common', async () => {
  const ids = [...htmlOf(await situationOf('progressed-on-both')).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(2);
  expect(new Set(ids).size).toBe(ids.length);
});

test('says what it looked at where it found nothing', () => {
  const html = htmlOf(situationFrom('p1', complete()));
  expect(html).toContain('no record found in Procedure, DiagnosticReport, ServiceRequest');
});

test('says what could not be read in place of an absence', async () => {
  const html = htmlOf(await situationOf('progressed-on-both', { without: ['observationsPerformanceStatus'] }));
  expect(html).toContain('could not be read: Observation (performance status) (access refused)');
  expect(html).not.toContain('no record found in Observation (performance status)');
});
