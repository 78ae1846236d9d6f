import { CHARACTERS } from '../../../src/ehr-demo/ehr/character.ts';
import type { Session } from '../../../src/ehr-demo/ehr/session.ts';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { EXCHANGE, shown } from './ehr-stand-in.ts';
import { ADA, SUBJECT } from './served-pages.ts';

/** A chart with something in each of its parts, every text of it as given. */
export function chartWith(said: string): readonly Resource[] {
  const code = { text: said };
  const of = (resourceType: string, id: string, members: object): Resource => ({
    resourceType,
    id,
    subject: SUBJECT,
    ...members,
  });
  return [
    { ...ADA, name: [{ family: said, given: [said] }], gender: said, identifier: [{ value: said }] },
    ...Array.from({ length: 10 }, (_, at) => of('Condition', `c${at}`, { code, note: [{ text: said }] })),
    of('Condition', 'wrong', { code, verificationStatus: { coding: [{ code: 'entered-in-error' }] } }),
    of('MedicationRequest', 'm', {
      medicationCodeableConcept: code,
      status: said,
      dosageInstruction: [{ text: said }],
    }),
    of('MedicationRequest', 'd', { medicationCodeableConcept: code, status: 'draft', intent: 'order' }),
    of('Procedure', 'p', { code, status: said, performedDateTime: said }),
    of('DiagnosticReport', 'r', { code, conclusion: said }),
    of('ServiceRequest', 's', { code, status: 'active' }),
    of('Observation', 'o', { code, valueString: said, component: [{ code, valueString: said }] }),
    of('Encounter', 'e', { type: [code], period: { start: said } }),
  ];
}

/** A screen with everything that a screen can have, every text of it as given. */
export function sessionWith(said: string): Partial<Session> {
  const suggestion = {
    label: said,
    isRecommended: true,
    actions: [
      { type: 'create', description: `${said} 1`, resource: { dosageInstruction: [{ text: said }] } },
      { type: 'delete', description: `${said} 2`, resourceId: said },
    ],
  };
  const card = {
    summary: said,
    detail: `${said}\n\n**${said}**\n- ${said}\n\n*${said}* ${'word '.repeat(100)} [${said}](https://example.org/${said})`,
    source: { label: said, url: 'https://example.org/source' },
    suggestions: [suggestion, { label: `${said} other` }],
    overrideReasons: [{ code: said, display: said }],
    links: [
      { label: said, url: 'https://example.org/page', type: 'absolute' },
      { label: said, url: said, type: 'absolute' },
      { label: said, url: 'https://example.org/launch', type: 'smart' },
    ],
  };
  return {
    patientId: 'ada',
    notice: said,
    signing: 'held',
    cards: [
      shown({ ...card, indicator: 'critical' }, { key: 'card-1', hook: 'order-sign' }),
      shown({ ...card, indicator: 'warning', selectionBehavior: 'any' }, { key: 'card-2' }),
      shown({ ...card, indicator: 'info' }, { key: 'card-3', state: 'accepted' }),
      shown({ summary: said, source: { label: said, url: said } }, { key: 'card-4', hook: said }),
      shown({ ...card, indicator: 'warning' }, { key: 'card-5', state: 'outdated' }),
    ],
    exchanges: Array.from({ length: 10 }, (_, at) => ({
      ...EXCHANGE,
      id: `exchange-${at}`,
      about: said,
      request: { ...EXCHANGE.request, headers: { authorization: said, [said]: said }, body: said },
      response: { status: 200, headers: { [said]: said }, body: said },
      fhirTraffic: [{ method: said, path: said, status: 200, milliseconds: 1, bytes: 2, token: undefined }],
    })),
  };
}

/** An EHR that sends no feedback, so that cards are dismissed without a reason. */
export const SILENT = CHARACTERS.find(({ sendsFeedback }) => !sendsFeedback) ?? CHARACTERS[0];
