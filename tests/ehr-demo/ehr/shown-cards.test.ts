import { describe, expect, test } from '@jest/globals';
import type { Card } from '../../../src/ehr-demo/card-text.ts';
import type { ShownCard } from '../../../src/ehr-demo/ehr/session.ts';
import { withCards } from '../../../src/ehr-demo/ehr/shown-cards.ts';

function card(topic: string | undefined, indicator: Card['indicator'] = 'info', summary = `About ${topic}`): Card {
  const source = { label: 'Source', ...(topic === undefined ? {} : { topic: { system: 'urn:topics', code: topic } }) };
  return { summary, indicator, source };
}

/** What is on screen after these answers, one after another. */
function screen(...answers: readonly (readonly [hook: string, ...cards: readonly Card[]])[]): readonly string[] {
  const shown = answers.reduce<readonly ShownCard[]>((before, [hook, ...cards]) => withCards(before, hook, cards), []);
  return shown.map(({ hook, card: { indicator, summary } }) => `${hook} ${indicator} ${summary}`);
}

describe('when new cards come', () => {
  test('those of the same hook go, and the most urgent come first', () => {
    expect(screen(['patient-view', card('a'), card('b')], ['patient-view', card('c'), card('d', 'critical')])).toEqual([
      'patient-view critical About d',
      'patient-view info About c',
    ]);
  });

  test('an older card of the chart on the same topic goes, whatever it says and however urgent it was', () => {
    expect(
      screen(
        ['patient-view', card('mri', 'warning'), card('referral')],
        ['problem-list-item-create', card('mri', 'info', 'Now metastatic')],
      ),
    ).toEqual(['problem-list-item-create info Now metastatic', 'patient-view info About referral']);
  });

  test('without topics, as in CDS Hooks 1.0, the same summary is the same card', () => {
    const plain = card(undefined, 'info', 'Consider an MRI');
    expect(screen(['patient-view', plain], ['problem-list-item-create', plain])).toEqual([
      'problem-list-item-create info Consider an MRI',
    ]);
  });

  test('what is said of orders does not take the place of what is said of the chart', () => {
    expect(
      screen(['patient-view', card('drug')], ['order-select', card('drug')], ['order-sign', card('drug')]),
    ).toEqual(['order-sign info About drug', 'patient-view info About drug']);
  });
});
