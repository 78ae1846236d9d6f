import { describe, expect, test } from '@jest/globals';
import { type Fact, yes } from '../../../src/chart/fact.ts';
import { answersOf } from '../../../src/guideline/answers.ts';
import { assess } from '../../../src/guideline/assess.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { type Worklist, worklistOf } from '../../../src/smart-app/missing/worklist.ts';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { PATIENTS, situationOf } from '../header/situation-of.ts';

const NEVER_DONE =
  /\b(?:was|were|has been|have been|is|are)?\s?not (?:done|performed|given|tested|carried out|received)\b|\bnever\b/i;

describe('The list of what is missing', () => {
  test('names what one gap leaves open together, with the cards that wait for it and what would close it', async () => {
    const { open } = listOf(await situationOf('no-stage'));
    const [spread] = open;
    expect(spread).toMatchObject({
      what: 'metastasis',
      why: 'not recorded in Condition, Observation (staging)',
      toDo: expect.stringContaining('Record a stage group'),
    });
    expect(spread?.also).toContain('bone metastasis');
    expect(spread?.undecided).toContain('Atezolizumab for unresectable or metastatic ASPS');
  });

  test('asks for the stage once', async () => {
    const { notFound } = listOf(await situationOf('no-stage'));
    expect(notFound.map(({ what }) => what)).not.toContain('a stage, an M category or a metastasis');
  });

  test('goes by the name of a part of which nothing is on file, and names each question that it leaves open', async () => {
    const { open } = listOf(await situationOf('atezolizumab-two-years-unassessed'));
    expect(open.find(({ what }) => what === 'disease status')).toMatchObject({
      also: expect.arrayContaining(['worsened disease', 'progression since the systemic therapy was started']),
      toDo: expect.stringContaining('Record the disease status'),
    });
  });

  test('never goes by the name of a part of which something is on file', async () => {
    const gaps = [[], ['medicationRequests', 'medicationAdministrations', 'medicationStatements']] as const;
    const patients = ['on-pazopanib', 'combination-after-both', 'worsened-before-atezolizumab', 'remission'];
    for (const patient of [...patients, 'progressed-on-both']) {
      for (const without of gaps) {
        const { open, idle } = listOf(await situationOf(patient, { without }));
        const named = [...open, ...idle].filter(({ what, why }) => /disease status/i.test(`${what} ${why}`));
        expect([patient, named]).toEqual([patient, []]);
      }
    }
  });

  test('names an assessment without a course, and calls no status absent', async () => {
    const situation = await situationOf('worsened-before-atezolizumab', {
      edit: (resources) =>
        resources.map((one) =>
          one.resourceType === 'Observation' && one['valueCodeableConcept'] !== undefined
            ? { ...one, valueCodeableConcept: { text: 'undetermined' } }
            : one,
        ),
    });
    const { open, idle } = listOf(situation);
    const worsened = [...open, ...idle].find(({ what, also }) => [what, ...also].includes('worsened disease'));
    expect(worsened?.evidence.map(({ text }) => text)).toEqual(['disease status: undetermined']);
    expect(worsened?.what).not.toBe('disease status');
  });

  test('asks whether a resolved metastasis is back, not whether it is confirmed', async () => {
    const { open, idle } = listOf(await situationOf('resolved-stage-iv'));
    const sites = [...open, ...idle].find(({ what }) => what === 'metastases in the lung only');
    expect(sites).toMatchObject({
      why: 'recorded as resolved',
      toDo: 'Say in the record whether it is over or back.',
      evidence: [{ text: 'Multiple lung metastases' }],
    });
  });

  test('does not blame the date of a brain MRI where no day of a metastasis is on file', async () => {
    const brainMri = async (patient: string) => {
      const { open, idle } = listOf(await situationOf(patient));
      return [...open, ...idle].find(({ what }) => what === 'brain MRI since the metastasis');
    };
    expect(await brainMri('no-stage')).toMatchObject({
      why: expect.stringContaining('not recorded'),
      toDo: 'Record each metastasis with the day on which it was found.',
    });
    expect(await brainMri('localised-by-text')).toMatchObject({
      why: 'no record of metastasis found, so that there is nothing to record',
      toDo: undefined,
    });
  });

  test('asks for nothing that only a card which may not apply would need', async () => {
    for (const patient of ['no-stage', 'second-cancer']) {
      const { notFound } = listOf(await situationOf(patient));
      const found = notFound.map(({ what }) => what);
      expect(found).not.toContain('a recent calcium');
      expect(found).not.toContain('a palliative care contact');
      expect(found).not.toContain('brain MRI since the metastasis');
    }
    const bone = listOf(await situationOf('on-atezolizumab-lung-bone')).notFound.map(({ what }) => what);
    expect(bone).toEqual(expect.arrayContaining(['a recent calcium', 'a palliative care contact']));
  });

  test('asks for nothing of a patient who has died, and names what could not be read', async () => {
    const list = listOf(
      await situationOf('no-stage', {
        without: ['procedures'],
        edit: (resources) =>
          resources.map((one) => (one.resourceType === 'Patient' ? { ...one, deceasedBoolean: true } : one)),
      }),
    );
    expect([list.count, list.open, list.idle, list.notFound]).toEqual([0, [], [], []]);
    expect(list.unread).toMatchObject([{ parts: 'Procedure', open: [], undecided: [] }]);
  });

  test('names what was not read of the places in which nothing was found', async () => {
    const { notFound } = listOf(await situationOf('on-atezolizumab-lung-bone', { without: ['procedures'] }));
    expect(notFound.find(({ what }) => what === 'a palliative care contact')?.where).toBe(
      'ServiceRequest, Encounter, CareTeam (could not be read: Procedure (access refused))',
    );
  });

  test('shows the records that leave a doubt', async () => {
    const { open } = listOf(await situationOf('second-cancer'));
    const metastasis = open.find(({ what }) => what === 'metastasis');
    expect(metastasis?.why).toContain('another active cancer is on file');
    expect(metastasis?.evidence.map(({ text }) => text)).toEqual(['Multiple lung metastases']);
    expect(metastasis?.toDo).toBe('Link the record to its primary cancer.');
  });

  test('asks nobody to record progression on a drug of which there is no record', async () => {
    const { open, idle } = listOf(await situationOf('metastatic-untreated'));
    const asked = open.flatMap(({ what, also }) => [what, ...also]);
    expect(asked).not.toContain('progression on an anti-angiogenic TKI');
    const idleOne = idle.find(({ what, also }) => [what, ...also].some((label) => /anti-angiogenic TKI/.test(label)));
    expect(idleOne).toMatchObject({
      why: expect.stringContaining('no record of an anti-angiogenic TKI found'),
      toDo: undefined,
    });
  });

  test('names what was looked for and not found, where, and which cards ask for it', async () => {
    const { notFound } = listOf(await situationOf('on-atezolizumab-lung-bone'));
    expect(notFound.map(({ what }) => what)).toContain('a performance status');
    expect(notFound.find(({ what }) => what === 'a TFE3 rearrangement or fusion result')).toMatchObject({
      where: 'Observation (biomarkers), DiagnosticReport',
      askedBy: ['TFE3 rearrangement in ASPS'],
    });
  });

  test('says “no record found” of nothing whose part was not read', async () => {
    const { notFound } = listOf(
      await situationOf('on-atezolizumab-lung-bone', {
        without: ['observationsPerformanceStatus', 'observationsBiomarkers'],
      }),
    );
    const found = notFound.map(({ what }) => what);
    expect(found).not.toContain('a performance status');
    expect(found).not.toContain('a TFE3 rearrangement or fusion result');
  });

  test('asks for a weight only where a dose may go by it', async () => {
    const asksWeight = async (patient: string) =>
      listOf(
        await situationOf(patient, {
          edit: (resources) => resources.filter(({ resourceType }) => resourceType !== 'Observation'),
        }),
      ).notFound.some(({ what }) => what === 'a recent body weight');
    expect(await asksWeight('child-9y')).toBe(true);
    expect(await asksWeight('metastatic-untreated')).toBe(false);
  });

  test('names parts that could not be read with the server’s answer, and what they leave undecided', async () => {
    const situation = await situationOf('metastatic-untreated', {
      without: ['observationsBiomarkers', 'medicationAdministrations', 'encounters'],
      answers: new Map([
        ['encounters', { status: 403, says: 'No\u202E scope\nfor you' }],
        ['medicationAdministrations', { status: undefined, says: 'x'.repeat(400) }],
      ]),
    });
    const { unread } = listOf(situation);
    expect(unread.map(({ parts, why }) => [parts, why])).toEqual([
      ['MedicationAdministration', 'access refused'],
      ['Encounter', 'access refused'],
      ['Observation (biomarkers)', 'access refused'],
    ]);
    expect(unread.map(({ answer }) => answer)).toEqual([
      `${'x'.repeat(159)}…`,
      'the server answered 403: No scope for you',
      undefined,
    ]);
    expect(unread[0]?.open).toContain('a PD-1/PD-L1 inhibitor');
    expect(unread[0]?.undecided.length).toBeGreaterThan(0);
  });

  test('calls a part that was read in part unread', async () => {
    const all = await situationOf('metastatic-untreated');
    const conditions = all.readings.get('conditions');
    if (conditions === undefined || conditions.state === 'unread') throw new Error('no conditions');
    const readings = new Map(all.readings).set('conditions', {
      ...conditions,
      state: 'incomplete',
      reason: 'more-pages',
    });
    expect(listOf({ ...all, readings }).unread.map(({ parts, why }) => [parts, why])).toEqual([
      ['Condition', 'not read to the end'],
    ]);
  });

  test('does not call a part unreadable that is still being read', async () => {
    const list = listOf(await situationOf('metastatic-untreated', { pending: ['encounters'], without: ['careTeams'] }));
    expect(list.reading).toEqual(['encounters']);
    expect(list.unread.map(({ parts }) => parts)).toEqual(['CareTeam']);
  });

  test('accounts for every question that the chart leaves open, whatever could not be read', async () => {
    const gaps = [
      [],
      ['conditions'],
      ['medicationRequests', 'observationsDiseaseStatus'],
      ['procedures', 'patient'],
    ] as const;
    for (const patient of PATIENTS) {
      for (const without of gaps) {
        const situation = await situationOf(patient, { without });
        const { unread, open, idle } = listOf(situation);
        const named = new Set([
          ...unread.flatMap((parts) => parts.open),
          ...[...open, ...idle].flatMap(({ what, also }) => [what, ...also]),
        ]);
        const answers = answersOf(situation.chart);
        const unknown = [...CRITERIA.values()].filter(({ id }) => answers(id).state === 'unknown');
        expect([patient, without, unknown.filter(({ label }) => !named.has(label))]).toEqual([patient, without, []]);
      }
    }
  });

  test('leaves no undecided card unmentioned', async () => {
    for (const patient of PATIENTS) {
      const situation = await situationOf(patient);
      const { unread, open, idle } = listOf(situation);
      const named = [...unread, ...open, ...idle].flatMap(({ undecided }) => undecided);
      const undecided = assessed(situation).filter(({ outcome }) => outcome === 'undecided');
      for (const { card } of undecided)
        expect([patient, named]).toEqual([patient, expect.arrayContaining([card.file.title])]);
    }
  });

  test('never says that something was not done', async () => {
    for (const patient of PATIENTS) {
      const { open, idle, notFound, unread } = listOf(await situationOf(patient, { without: ['procedures'] }));
      const own = [
        ...[...open, ...idle].flatMap(({ why, toDo }) => [why, toDo ?? '']),
        ...notFound.flatMap(({ where, record }) => [where, record]),
        ...unread.flatMap(({ parts, why }) => [parts, why]),
      ];
      for (const words of own) expect(words).not.toMatch(NEVER_DONE);
    }
  });

  test('is empty only if every question has an answer', async () => {
    const situation = await situationOf('metastatic-untreated');
    const settled: Fact = yes([]);
    const list = worklistOf(situation, () => settled, []);
    expect([list.count, list.open, list.idle, list.notFound]).toEqual([0, [], [], []]);
    const oneOpen = worklistOf(
      situation,
      (id) => (id === 'calcium-recent' ? { ...settled, state: 'unknown' } : settled),
      [],
    );
    expect(oneOpen.idle.map(({ what }) => what)).toEqual(['a recent calcium']);
  });

  test('counts medication without a name, and what could not be looked up', async () => {
    const nameless = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) =>
          one.resourceType === 'MedicationRequest' ? { ...one, medicationCodeableConcept: { text: '' } } : one,
        ),
    });
    const list = listOf(nameless);
    expect(list.nameless.map(({ reference }) => reference?.split('/')[0])).toEqual(['MedicationRequest']);
    const orders = nameless.readings.get('medicationRequests');
    if (orders === undefined || orders.state === 'unread') throw new Error('no orders');
    const readings = new Map(nameless.readings).set('medicationRequests', { ...orders, unresolved: ['a', 'b', 'a'] });
    const more = listOf({ ...nameless, readings });
    expect(more.unresolved).toBe(2);
    expect(more.count).toBe(list.count + 1);
  });
});

function assessed({ guideline, chart, now }: Situation) {
  return assess(guideline, chart, now.toISOString().slice(0, 10), answersOf(chart));
}

function listOf(situation: Situation): Worklist {
  return worklistOf(situation, answersOf(situation.chart), assessed(situation));
}
