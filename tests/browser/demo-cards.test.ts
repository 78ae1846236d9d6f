import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { BOBBY, card, cardsShown, MONA, openChart, section, told, ULLA } from './chart-page.ts';
import { describeDemo } from './demo-visits.ts';

describeDemo('in the demo EHR', ({ demo, open }) => {
  test('a card that is dismissed with a reason and a comment is gone, and the service keeps the reason, not the words', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const missing = card(page, /^No brain MRI found/);
    await missing.getByText('Dismiss…').click();
    await missing.getByLabel('Reason').selectOption({ label: 'Already done elsewhere' });
    await missing.getByLabel('Comment').fill('Seen by Dr Nobody on Tuesday');
    await missing.getByRole('button', { name: 'Dismiss card' }).click();
    await told(page, /^Dismissed/);
    expect(await cardsShown(page)).not.toContainEqual(expect.stringContaining('No brain MRI found'));
    expect(await cardsShown(page)).toHaveLength(3);

    const [latest] = await section(page, 'Calls, for the integrator').getByRole('group').all();
    expect(await latest?.innerText()).toMatch(/feedback\s+200 OK[\s\S]*\/cds-services\/asps-patient-view\/feedback/);
    const database = new DatabaseSync(demo().databaseFile, { readOnly: true });
    expect(database.prepare('SELECT client, service, outcome, has_comment FROM feedback').all()).toEqual([
      { client: 'Demo EHR (Spec-complete)', service: 'asps-patient-view', outcome: 'overridden', has_comment: 1 },
    ]);
    expect(database.prepare('SELECT code FROM override_reason').all()).toHaveLength(1);
    const everything = JSON.stringify(database.prepare('SELECT * FROM feedback').all());
    expect(everything).not.toMatch(/Nobody|Tuesday/);
    database.close();
  });

  test('a card can be dismissed without a reason', async () => {
    const { page } = await open();
    await openChart(page, MONA);
    const referral = card(page, /sarcoma centre/);
    await referral.getByText('Dismiss…').click();
    await referral.getByRole('button', { name: 'Dismiss card' }).click();
    await told(page, /^Dismissed/);
    expect(await referral.count()).toBe(0);
  });

  test('the link of a card leads to its evidence, in a window of its own', async () => {
    const { page, context } = await open();
    await openChart(page, MONA);
    const opened = context.waitForEvent('page');
    await card(page, /^No brain MRI found/)
      .getByRole('link', { name: 'Evidence and criteria of this card' })
      .click();
    const evidence = await opened;
    await evidence.getByRole('heading', { level: 1 }).waitFor();
    expect(evidence.url()).toBe(`${demo().url}/evidence/baseline-brain-mri`);
    expect(page.url()).toBe(`${demo().url}/demo/patients/${MONA.id}`);
  });

  test('a problem that is added brings the cards that it calls for, and stands on the problem list', async () => {
    const { page } = await open();
    await openChart(page, ULLA);
    expect(await cardsShown(page)).not.toContainEqual(expect.stringMatching(/^WARNING/));
    await page.getByLabel('Problem', { exact: true }).selectOption({ label: 'Metastasis to the lung' });
    await page.getByRole('button', { name: 'Add problem' }).click();
    await told(page, /^Added: Metastasis to the lung/);
    expect(await cardsShown(page)).toContainEqual(expect.stringMatching(/^WARNING No brain MRI found/));
    expect(await section(page, 'Problems').innerText()).toContain('Secondary malignant neoplasm of lung');
    await page.reload();
    await told(page, /\d cards?:/);
    expect(await section(page, 'Problems').innerText()).toContain('Secondary malignant neoplasm of lung');
  });

  test('what is typed into a chart stays text, whatever it looks like', async () => {
    const { page } = await open();
    await openChart(page, BOBBY);
    expect((await cardsShown(page)).length).toBeGreaterThan(0);
    expect(await section(page, 'Problems').innerText()).toContain('<img src=x onerror=alert(1)>');
    const made = page
      .getByRole('main')
      .locator('script, img, iframe, object, [onerror], [href^="javascript"], marquee');
    expect(await made.count()).toBe(0);
  });

  test('a patient is found by a word of the name or the story', async () => {
    const { page } = await open();
    await page.goto('/demo');
    const others = section(page, 'All other patients').getByRole('listitem');
    const all = await others.count();
    await page.getByLabel('Find a patient').fill('PAZOPANIB');
    await others
      .filter({ hasNotText: /pazopanib/i })
      .first()
      .waitFor({ state: 'hidden' });
    const found = await others.allInnerTexts();
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(all);
    expect(found.every((text) => /pazopanib/i.test(text))).toBe(true);
    await page.getByLabel('Find a patient').fill('no such patient at all');
    await others.first().waitFor({ state: 'hidden' });
    expect(await others.count()).toBe(0);
    await page.getByLabel('Find a patient').fill('');
    await others.first().waitFor();
    expect(await others.count()).toBe(all);
  });

  test('an unknown patient is a page that says so', async () => {
    const { page, takeComplaints } = await open();
    const answer = await page.goto('/demo/patients/nobody');
    expect(answer?.status()).toBe(404);
    await page.getByRole('heading', { level: 1, name: 'No such patient' }).waitFor();
    await page.getByRole('link', { name: 'To the patient list' }).click();
    await page.getByRole('heading', { level: 1, name: 'Patients' }).waitFor();
    // The browser itself notes the 404.
    expect(takeComplaints()).toEqual([expect.stringContaining('404')]);
  });
});
