import type { ComponentChildren } from 'preact';
import type { ResourceKey } from '../../chart/reading.ts';
import type { Assessment, CardTexts } from '../../guideline/assess.ts';
import { criteriaOfJudged } from '../../guideline/assess-condition.ts';
import type { Card } from '../../guideline/guideline.ts';
import { Answer } from '../parts/answer.tsx';
import { ConditionTree } from './condition-tree.tsx';
import { Markdown, OutsideLink } from './markdown-view.tsx';
import { SourceList } from './source-list.tsx';

/** The page of a card's evidence, by the card's id. */
export type EvidenceUrl = (cardId: string) => string;

interface CardBodyProps {
  readonly assessment: Assessment;
  readonly pending: ReadonlySet<ResourceKey>;
  readonly evidenceUrl: EvidenceUrl | undefined;
}

/** Why a card is shown or is not, and what it rests on. Its words only if it applies. */
export function CardBody({ assessment, pending, evidenceUrl }: CardBodyProps) {
  const { card, condition, texts } = assessment;
  const asked = new Set(criteriaOfJudged(condition).map(({ criterion }) => criterion.id));
  const besides = (texts?.basis ?? []).filter(({ criterion }) => !asked.has(criterion.id));
  return (
    <div class="recommendations-body">
      {texts !== undefined && <Advice texts={texts} />}
      <Part title={texts === undefined ? 'It would be shown if' : 'Why it is shown'}>
        <ConditionTree condition={condition} pending={pending} />
      </Part>
      {besides.length > 0 && (
        <Part title="Looked at besides">
          <ul class="recommendations-besides">
            {besides.map((answered) => (
              <li key={answered.criterion.id}>
                <Answer answered={answered} pending={pending} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {texts !== undefined && (
        <>
          <Part title={`Evidence (${card.file.evidenceLevel})`}>
            <Markdown text={texts.evidence} />
          </Part>
          <Part title="Regulatory">
            <Markdown text={texts.regulatory} />
          </Part>
        </>
      )}
      <Part title="Sources">
        <SourceList sources={card.sources} />
      </Part>
      <Links card={card} evidenceUrl={evidenceUrl} />
      <Review assessment={assessment} />
    </div>
  );
}

function Advice({ texts: { consider, suggestions } }: { readonly texts: CardTexts }) {
  return (
    <div class="recommendations-consider">
      <Markdown text={consider} />
      {suggestions.length > 0 && <p class="quiet small">The card in the EHR offers: {suggestions.join('; ')}.</p>}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="recommendations-part">
      <h4>{title}</h4>
      {children}
    </div>
  );
}

interface LinksProps {
  readonly card: Card;
  readonly evidenceUrl: EvidenceUrl | undefined;
}

function Links({ card: { file }, evidenceUrl }: LinksProps) {
  const links = file.links ?? [];
  if (links.length === 0 && evidenceUrl === undefined) return null;
  return (
    <ul class="recommendations-links">
      {links.map(({ label, url }) => (
        <li key={url}>
          <OutsideLink url={url}>{label}</OutsideLink>
        </li>
      ))}
      {evidenceUrl !== undefined && (
        <li>
          <a href={evidenceUrl(file.id)} target="_blank" rel="noreferrer">
            How this card is decided, and everything that it rests on
          </a>
        </li>
      )}
    </ul>
  );
}

function Review({ assessment: { card, isOverdue } }: { readonly assessment: Assessment }) {
  const { title, version, reviewed, reviewDue } = card.file;
  return (
    <p class="quiet small">
      {title}, version {version}; reviewed {reviewed}, next review due {reviewDue}
      {isOverdue && <strong> – past its review date</strong>}.
      {card.because.length > 0 && ` Changed here: ${card.because.join(' ')}`}
    </p>
  );
}
