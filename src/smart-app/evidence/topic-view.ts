import type { AppSection, EvidenceItem, Statement } from '../../guideline/statements.ts';
import type { EvidenceContent } from './content.ts';
import type { TableView } from './table-view.ts';

/** What the sources say of themselves stands with the sources. */
const TOPICS: Readonly<Record<Exclude<AppSection, 'provenance'> | 'other', string>> = {
  diagnosis: 'Diagnosis and work-up',
  treatment: 'Systemic treatment',
  surgery: 'Surgery and local treatment',
  'follow-up': 'Follow-up and support',
  prognosis: 'Prognosis',
  trials: 'Clinical trials',
  centres: 'Centres and teams',
  epidemiology: 'Who gets it, and how it behaves',
  symptoms: 'Symptoms',
  other: 'Other',
};

export interface TopicItem {
  readonly id: string;
  readonly says: string;
  /** How far it was checked, where that is not wholly. */
  readonly flag?: string;
  readonly sources: readonly string[];
}

export interface Topic {
  readonly title: string;
  readonly items: readonly TopicItem[];
  /** Some of its figures are told in the table of survival alone. */
  readonly hasSurvivalFigures: boolean;
}

/**
 * What the sources say, by topic, as far as it is shown at all. Survival is never told without its cohort: those statements
 * stand in the table alone.
 */
export function topicsOf({ catalogue, outcomes }: EvidenceContent): readonly Topic[] {
  const survival = new Set(
    outcomes.survival.flatMap(({ statements, measure }) => (measure === 'free of disease' ? [] : statements)),
  );
  return Object.entries(TOPICS).flatMap(([section, title]) => {
    const items = [
      ...catalogue.statements.filter(({ app }) => app === section),
      ...catalogue.evidence.filter(({ app, unused }) => unused === undefined && (app ?? 'other') === section),
    ];
    const shown = items.filter(({ id, app, says }) => !(app === 'prognosis' && survival.has(id) && /\d/.test(says)));
    if (shown.length === 0) return [];
    return [{ title, items: shown.map((item) => itemOf(item)), hasSurvivalFigures: shown.length < items.length }];
  });
}

const FLAGS: Readonly<Record<EvidenceItem['status'], string | undefined>> = {
  verified: undefined,
  'partly verified': 'partly verified',
  unverified: 'unverified',
  inference: 'our inference',
};

function itemOf(item: Statement | EvidenceItem): TopicItem {
  const { id, says, sources } = item;
  const flag = 'status' in item ? FLAGS[item.status] : undefined;
  return { id, says, sources, ...(flag === undefined ? {} : { flag }) };
}

/** Where sources disagree, and what the guideline does about it. */
export function conflictTable({ catalogue }: EvidenceContent): TableView {
  return {
    caption: 'Where sources disagree',
    columns: ['They disagree on', 'This guideline'],
    rows: catalogue.conflicts
      .filter(({ unused, app }) => unused === undefined && app !== 'provenance')
      .map(({ id, says, settled, sources }) => ({
        id,
        head: { text: says, more: [id] },
        flags: [],
        cells: [{ text: settled }],
        sources,
      })),
  };
}
