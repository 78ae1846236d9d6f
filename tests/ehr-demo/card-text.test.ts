import { describe, expect, test } from '@jest/globals';
import { answerText, type Card, cardText, type Paint } from '../../src/ehr-demo/card-text.ts';

const plain: Paint = (_style, text) => text;

const card: Card = {
  summary: 'No brain MRI found since the ASPS diagnosis – consider a baseline MRI',
  indicator: 'warning',
  source: { label: 'ASPS guideline' },
  detail:
    'The brain is **often** involved in metastatic disease &lt; one year.\n\n- lung metastases found in the chart of today\n',
  suggestions: [
    {
      label: 'Order atezolizumab',
      isRecommended: true,
      actions: [
        {
          type: 'create',
          description: 'Draft atezolizumab',
          resource: {
            medicationCodeableConcept: { text: 'atezolizumab' },
            dosageInstruction: [{ text: '1200 mg IV every 3 weeks' }],
          },
        },
        { type: 'delete', description: 'Remove doxorubicin', resourceId: 'MedicationRequest/dox' },
      ],
    },
  ],
  overrideReasons: [{ code: 'done-elsewhere', display: 'Done elsewhere' }, { code: 'declined' }],
  links: [{ label: 'Open the app', url: 'http://127.0.0.1:3000/smart/launch', type: 'smart' }],
};

test('a card is shown whole, wrapped at the width', () => {
  expect(cardText(card, 50, plain)).toBe(`▲ WARNING
  No brain MRI found since the ASPS diagnosis –
  consider a baseline MRI

  The brain is often involved in metastatic
  disease < one year.

  - lung metastases found in the chart of today

  → Order atezolizumab (recommended)
    create: Draft atezolizumab
      atezolizumab
      dose: 1200 mg IV every 3 weeks
    delete: Remove doxorubicin
      MedicationRequest/dox

  Override: Done elsewhere | declined

  Link (SMART app): Open the app
    http://127.0.0.1:3000/smart/launch

  Source: ASPS guideline
`);
});

test('no cards is said in words', () => {
  expect(answerText({ cards: [] }, 80, plain)).toMatch(/^No cards/);
});

test('cards keep the order of the service', () => {
  const cards = [card, { ...card, indicator: 'critical' as const }];
  expect(answerText({ cards }, 80, plain)).toMatch(/WARNING[^]*CRITICAL/);
});

describe('what the chart put into a card cannot steer the terminal', () => {
  test.each([
    ['a colour sequence', '\u001b[31mred\u001b[0m', 'red'],
    ['a carriage return', 'a\rb', 'a b'],
    ['a bell', 'a\u0007b', 'a b'],
  ])('%s', (_claim, summary, shown) => {
    expect(cardText({ ...card, summary }, 80, plain).split('\n')[1]).toBe(`  ${shown}`);
  });
});
