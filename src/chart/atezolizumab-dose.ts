import type { DraftOrder } from './draft-orders.ts';
import { type DraftedDose, doseInWords, readDraftedDose } from './drafted-dose.ts';
import { type Fact, no, unknown, withValue, yes } from './fact.ts';
import type { Age, Weight } from './patient.ts';

/** The US label for ASPS (E-04): milligrams, and the days from dose to dose. */
const ADULT_IV: ReadonlyMap<number, number> = new Map([
  [840, 14],
  [1200, 21],
  [1680, 28],
]);
/** With hyaluronidase, for adults alone (E-13). */
const ADULT_SC: ReadonlyMap<number, number> = new Map([[1875, 21]]);
/** From 2 to 17 years (E-04). */
const CHILD_IV = { mgPerKg: 15, maxMg: 1200, days: 21 };
const HYALURONIDASE = /hyaluronidase|hybreza|tqjs/i;

type AgeGroup = 'under-2' | 'child' | 'adult';

/** How a drafted dose stands to the label: within, outside – and what was drafted –, or not to be said without this. */
type Verdict =
  | { readonly is: 'within' }
  | { readonly is: 'outside'; readonly drafted: string; readonly lacks?: 'weight' }
  | { readonly is: 'open'; readonly lacks: 'dose' | 'weight' | 'age' };

/** What is drafted of atezolizumab, held against the label. Drafts for another cancer and unjudged ones are not looked at. */
export interface AtezolizumabDose {
  readonly outsideLabel: Fact;
  /** Dose or interval cannot be read from a draft. */
  readonly doseMissing: Fact;
  /** A child's dose that needs a weight to be judged. */
  readonly weightNeeded: Fact;
  /** A dose that is the label's at one of the ages that are possible, and not at another. */
  readonly ageNeeded: Fact;
  /** More than one order of it in the batch, judged or not (rule 6): one of them may be meant to replace the other. */
  readonly draftedTwice: Fact;
  /** The product with hyaluronidase, which is another one. */
  readonly withHyaluronidase: Fact;
}

export function readAtezolizumabDose(
  drafts: readonly DraftOrder[],
  age: Age | undefined,
  weight: Weight | undefined,
): AtezolizumabDose {
  const ordered = drafts.filter(({ drugs }) => drugs.some(({ drug }) => drug === 'atezolizumab'));
  const checked = ordered
    .filter(({ judged, indication }) => judged && indication !== 'other')
    .map((draft) => {
      const hasHyaluronidase = draft.concept.texts.some((text) => HYALURONIDASE.test(text));
      const dose = readDraftedDose(draft.resource, draft.concept);
      return { draft, hasHyaluronidase, verdict: judge(dose, hasHyaluronidase, age, weight) };
    });
  const having = (is: (one: (typeof checked)[number]) => boolean) =>
    checked.filter(is).map(({ draft: { evidence } }) => evidence);
  const wrong = checked.flatMap(({ verdict }) => (verdict.is === 'outside' ? [verdict.drafted] : []));
  const isOpen = checked.some(({ verdict }) => verdict.is === 'open');
  const lacking = (what: 'dose' | 'weight' | 'age') =>
    found(having(({ verdict }) => verdict.is !== 'within' && verdict.lacks === what));
  return {
    outsideLabel: outsideFact(),
    doseMissing: lacking('dose'),
    weightNeeded: lacking('weight'),
    ageNeeded: lacking('age'),
    draftedTwice: draftedTwice(),
    withHyaluronidase: found(having(({ hasHyaluronidase }) => hasHyaluronidase)),
  };

  function outsideFact(): Fact {
    const [first] = wrong;
    if (first !== undefined) return withValue(yes(having(({ verdict }) => verdict.is === 'outside')), first);
    return isOpen
      ? unknown(
          having(({ verdict }) => verdict.is === 'open'),
          undefined,
          'not-recorded',
        )
      : no([]);
  }

  /** One beside an order for another cancer may be meant, or be the same treatment: that is open. */
  function draftedTwice(): Fact {
    const own = ordered.filter(({ indication }) => indication !== 'other');
    const all = ordered.map(({ evidence }) => evidence);
    if (checked.length === 0 || all.length < 2) return no([]);
    return own.length > 1 ? yes(own.map(({ evidence }) => evidence)) : unknown(all, undefined, 'another-active-cancer');
  }
}

function found(evidence: Fact['evidence']): Fact {
  return evidence.length > 0 ? yes(evidence) : no([]);
}

/** By every age that the birth date leaves possible: what is wrong at each of them is wrong. */
function judge(
  dose: DraftedDose,
  hasHyaluronidase: boolean,
  age: Age | undefined,
  weight: Weight | undefined,
): Verdict {
  const verdicts = agesOf(age).map((group) => judgeAt(group, dose, hasHyaluronidase, weight));
  const [first] = verdicts;
  if (first === undefined) return { is: 'open', lacks: 'dose' };
  if (verdicts.every(({ is }) => is === first.is)) return first;
  return { is: 'open', lacks: verdicts.some((one) => one.is === 'open' && one.lacks === 'dose') ? 'dose' : 'age' };
}

function agesOf(age: Age | undefined): readonly AgeGroup[] {
  const least = age?.least ?? 0;
  const most = age?.most ?? Infinity;
  return [
    ...(most >= 18 ? (['adult'] as const) : []),
    ...(least <= 17 && most >= 2 ? (['child'] as const) : []),
    ...(least < 2 ? (['under-2'] as const) : []),
  ];
}

function judgeAt(group: AgeGroup, dose: DraftedDose, hasHyaluronidase: boolean, weight: Weight | undefined): Verdict {
  const said = doseInWords(dose);
  const drafted = said === '' ? 'the drafted dose' : said;
  if (group === 'under-2') return outside('under 2 years of age');
  const subcutaneous = hasHyaluronidase || dose.route === 'subcutaneous';
  if (group === 'child') return withWeightAsked(atChildhood(), weight);
  if (dose.route === 'oral') return outside(drafted);
  if (!subcutaneous) return byAmount(dose, ADULT_IV, drafted);
  if (dose.route === 'intravenous') return outside(`${drafted}, with hyaluronidase`);
  return byAmount(dose, ADULT_SC, drafted);

  function atChildhood(): Verdict {
    if (subcutaneous) return outside('the subcutaneous form, under 18');
    return dose.route === 'oral' ? outside(drafted) : judgeChild(dose, drafted, weight);
  }
}

/** What is wrong for a child at any weight is put right by its weight. */
function withWeightAsked(verdict: Verdict, weight: Weight | undefined): Verdict {
  return verdict.is === 'outside' && weight === undefined ? { ...verdict, lacks: 'weight' } : verdict;
}

function outside(drafted: string): Verdict {
  return { is: 'outside', drafted };
}

/** A flat dose at its interval; what of the two is known may rule it out alone. */
function byAmount({ dose, everyDays }: DraftedDose, label: ReadonlyMap<number, number>, drafted: string): Verdict {
  if (dose !== undefined && !('mg' in dose)) return outside(drafted);
  const days = dose === undefined ? undefined : label.get(dose.mg);
  if (dose !== undefined && days === undefined) return outside(drafted);
  if (everyDays !== undefined && ![...label.values()].includes(everyDays)) return outside(drafted);
  if (days === undefined || everyDays === undefined) return { is: 'open', lacks: 'dose' };
  return days === everyDays ? { is: 'within' } : outside(drafted);
}

function judgeChild({ dose, everyDays }: DraftedDose, drafted: string, weight: Weight | undefined): Verdict {
  if (everyDays !== undefined && everyDays !== CHILD_IV.days) return outside(drafted);
  if (dose === undefined) return { is: 'open', lacks: 'dose' };
  const isTooMuch = 'mg' in dose ? dose.mg > CHILD_IV.maxMg : dose.mgPerKg > CHILD_IV.mgPerKg;
  if (isTooMuch) return outside(drafted);
  if (weight === undefined) return { is: 'open', lacks: everyDays === undefined ? 'dose' : 'weight' };
  const mg = 'mg' in dose ? dose.mg : dose.mgPerKg * weight.kg;
  // Orders are rounded to whole milligrams.
  const most = Math.min(Math.ceil(CHILD_IV.mgPerKg * weight.kg), CHILD_IV.maxMg);
  if (mg > most) return outside(`${drafted}, more than ${most} mg for ${Math.round(weight.kg * 10) / 10} kg`);
  return everyDays === undefined ? { is: 'open', lacks: 'dose' } : { is: 'within' };
}
