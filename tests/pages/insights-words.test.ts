import { expect, test } from '@jest/globals';
import { insightsWords } from '../../src/pages/insights-words.ts';
import { guideline } from '../support/service.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';
const words = insightsWords([guideline]);
const reasons = guideline.cards.flatMap(({ file, overrideReasons }) =>
  overrideReasons.flatMap(({ code, hl7 }) => (hl7 === undefined ? [] : [{ cardId: file.id, code, hl7: hl7.code }])),
);

test("HL7's code is taken for the one reason that the card sends by it, and for none where it has two", () => {
  const bySent = Map.groupBy(reasons, ({ cardId, hl7 }) => JSON.stringify([cardId, hl7]));
  expect(bySent.size).toBeGreaterThan(0);
  for (const same of bySent.values()) {
    for (const { cardId, code, hl7 } of same) {
      const own = { system: guideline.file.overrideReasonSystem, code };
      expect(words.ownReasonOf(cardId, HL7, hl7)).toEqual(same.length === 1 ? own : undefined);
    }
  }
});

test('A code of another system, card or guideline is taken for no other', () => {
  const [reason] = reasons;
  if (reason === undefined) throw new Error('No card has a reason that HL7 has a code for');
  const { cardId, code, hl7 } = reason;
  expect(words.ownReasonOf(cardId, guideline.file.overrideReasonSystem, code)).toBeUndefined();
  expect(words.ownReasonOf(cardId, undefined, hl7)).toBeUndefined();
  expect(words.ownReasonOf('no-such-card', HL7, hl7)).toBeUndefined();
  expect(insightsWords([]).ownReasonOf(cardId, HL7, hl7)).toBeUndefined();
});

test('One of two reasons of a card for which HL7 has one code is not guessed', () => {
  const [card] = guideline.cards;
  if (card === undefined) throw new Error('There is no card');
  const hl7 = { code: 'PATOBJ', display: 'Patient objection' };
  const overrideReasons = ['a', 'b'].map((code) => ({ code, display: code, hl7 }));
  const ambiguous = insightsWords([{ ...guideline, cards: [{ ...card, overrideReasons }] }]);
  expect(ambiguous.ownReasonOf(card.file.id, HL7, 'PATOBJ')).toBeUndefined();
});
