import type { InsightsWords, OwnReason } from '../feedback/insights/report.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { NON_ADHERENCE_REASONS, standardReason } from '../guideline/standard-reason.ts';

/**
 * What the guideline's owners call their cards and the reasons that these offer, in the first of these guidelines that knows them.
 * HL7's codes that stand for them in HL7's words.
 */
export function insightsWords(guidelines: readonly Guideline[]): InsightsWords {
  const titles = new Map<string, string>();
  const displays = new Map<string, string>();
  const ownReasons = new Map<string, Map<string, OwnReason>>();
  for (const { file, cards, off } of guidelines) {
    for (const card of [...cards, ...off]) {
      setOnce(titles, card.file.id, card.file.title);
      for (const { code, display, hl7 } of card.overrideReasons) {
        setOnce(displays, keyOf(file.overrideReasonSystem, code), display);
        if (hl7 !== undefined) {
          const standard = standardReason(hl7);
          setOnce(displays, keyOf(standard.system, standard.code), standard.display);
          const own = { system: file.overrideReasonSystem, code };
          const key = JSON.stringify([card.file.id, hl7.code]);
          ownReasons.set(key, (ownReasons.get(key) ?? new Map()).set(keyOf(own.system, code), own));
        }
      }
    }
  }
  return {
    titleOf: (cardId) => titles.get(cardId),
    displayOf: (system, code) => displays.get(keyOf(system, code)),
    ownReasonOf(cardId, system, code) {
      if (system !== NON_ADHERENCE_REASONS) return undefined;
      const [own, ...others] = ownReasons.get(JSON.stringify([cardId, code]))?.values() ?? [];
      // Of two of ours for which HL7 has one code, nobody knows which was meant.
      return others.length === 0 ? own : undefined;
    },
  };
}

function keyOf(system: string | undefined, code: string): string {
  return JSON.stringify([system, code]);
}

function setOnce(words: Map<string, string>, key: string, word: string): void {
  if (!words.has(key)) words.set(key, word);
}
