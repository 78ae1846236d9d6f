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
const ADULT_SC = { mg: 1875, days: 21 };
/** From 2 to 17 years (E-04). */
const CHILD_IV = { mgPerKg: 15, maxMg: 1200, days: 21 };
const HYALURONIDASE = /hyaluronidase|hybreza|tqjs/i;

type AgeGroup = 'under-2' | 'child' | 'adult';

/** How a drafted dose stands to the label: within, outside – and by what –, or not to be said without this. */
type Verdict =
  | { readonly is: 'within' }
  | { readonly is: 'outside'; readonly because: string }
  | { readonly is: 'open'; readonly lacks: 'dose' | 'weight' | 'age' };

/** What is drafted of atezolizumab, held against the label. Drafts for another cancer and unjudged ones are not looked at. */
export interface AtezolizumabDose {
  readonly outsideLabel: Fact;
  /** Dose or interval cannot be read from a draft. */
  readonly doseMissing: Fact;
  /** A child's dose that needs a weight to be judged. */
  readonly weightNeeded: Fact;
  /** The product with hyaluronidase, which is another one. */
  readonly withHyaluronidase: Fact;
}

export function readAtezolizumabDose(
  drafts: readonly DraftOrder[],
  age: Age | undefined,
  weight: Weight | undefined,
): AtezolizumabDose {
  const checked = drafts
    .filter(
      ({ judged, indication, drugs }) =>
        judged && indication !== 'other' && drugs.some(({ drug }) => drug === 'atezolizumab'),
    )
    .map((draft) => {
      const hasHyaluronidase = draft.concept.texts.some((text) => HYALURONIDASE.test(text));
      const dose = readDraftedDose(draft.resource, draft.concept);
      return { draft, hasHyaluronidase, verdict: judge(dose, hasHyaluronidase, age, weight) };
    });
  const having = (is: (one: (typeof checked)[number]) => boolean) =>
    checked.filter(is).map(({ draft: { evidence } }) => evidence);
  const outside = checked.flatMap(({ verdict }) => (verdict.is === 'outside' ? [verdict.because] : []));
  const open = checked.flatMap(({ verdict }) => (verdict.is === 'open' ? [verdict.lacks] : []));
  const lacking = (what: 'dose' | 'weight') => having(({ verdict }) => verdict.is === 'open' && verdict.lacks === what);
  return {
    outsideLabel: outsideFact(),
    doseMissing: open.includes('dose') ? yes(lacking('dose')) : no([]),
    weightNeeded: open.includes('weight') ? yes(lacking('weight')) : no([]),
    withHyaluronidase: found(having(({ hasHyaluronidase }) => hasHyaluronidase)),
  };

  function outsideFact(): Fact {
    const [because] = outside;
    if (because !== undefined) return withValue(yes(having(({ verdict }) => verdict.is === 'outside')), because);
    return open.length > 0
      ? unknown(
          having(({ verdict }) => verdict.is === 'open'),
          undefined,
          'not-recorded',
        )
      : no([]);
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
  if (group === 'under-2') return outside('not labelled below 2 years of age');
  const subcutaneous = hasHyaluronidase || dose.route === 'subcutaneous';
  if (group === 'child') {
    if (subcutaneous) return outside('the subcutaneous form is labelled for adults only');
    if (dose.route === 'oral') return outside(`${drafted}; the label has intravenous doses at this age`);
    return judgeChild(dose, drafted, weight);
  }
  if (subcutaneous) {
    if (dose.route !== undefined && dose.route !== 'subcutaneous')
      return outside(`${drafted}; the form with hyaluronidase is given subcutaneously`);
    return byAmount(
      dose,
      new Map([[ADULT_SC.mg, ADULT_SC.days]]),
      `${drafted}; the adult SC label has 1875 mg every 3 weeks`,
    );
  }
  if (dose.route === 'oral') return outside(`${drafted}; the adult label has intravenous doses`);
  return byAmount(
    dose,
    ADULT_IV,
    `${drafted}; the adult IV label has 840 mg every 2, 1200 mg every 3 or 1680 mg every 4 weeks`,
  );
}

function outside(because: string): Verdict {
  return { is: 'outside', because };
}

/** A flat dose at its interval; what of the two is known may rule it out alone. */
function byAmount({ dose, everyDays }: DraftedDose, label: ReadonlyMap<number, number>, because: string): Verdict {
  if (dose !== undefined && !('mg' in dose)) return outside(because);
  const days = dose === undefined ? undefined : label.get(dose.mg);
  if (dose !== undefined && days === undefined) return outside(because);
  if (everyDays !== undefined && ![...label.values()].includes(everyDays)) return outside(because);
  if (days === undefined || everyDays === undefined) return { is: 'open', lacks: 'dose' };
  return days === everyDays ? { is: 'within' } : outside(because);
}

function judgeChild({ dose, everyDays }: DraftedDose, drafted: string, weight: Weight | undefined): Verdict {
  const label = 'the label at 2 to 17 years has 15 mg/kg, at most 1200 mg, every 3 weeks';
  if (everyDays !== undefined && everyDays !== CHILD_IV.days) return outside(`${drafted}; ${label}`);
  if (dose !== undefined && 'mgPerKg' in dose && dose.mgPerKg > CHILD_IV.mgPerKg)
    return outside(`${drafted}; ${label}`);
  if (dose !== undefined && 'mg' in dose && dose.mg > CHILD_IV.maxMg) return outside(`${drafted}; ${label}`);
  if (dose === undefined) return { is: 'open', lacks: 'dose' };
  if (weight === undefined)
    return everyDays === undefined ? { is: 'open', lacks: 'dose' } : { is: 'open', lacks: 'weight' };
  const mg = 'mg' in dose ? dose.mg : dose.mgPerKg * weight.kg;
  // Orders are rounded to whole milligrams.
  const most = Math.min(Math.ceil(CHILD_IV.mgPerKg * weight.kg), CHILD_IV.maxMg);
  if (mg > most) {
    const kg = Math.round(weight.kg * 10) / 10;
    return outside(`${drafted} is more than the label's ${most} mg for ${kg} kg (15 mg/kg, at most 1200 mg)`);
  }
  return everyDays === undefined ? { is: 'open', lacks: 'dose' } : { is: 'within' };
}
