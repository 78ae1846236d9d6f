import type { ResourceKey } from '../../chart/reading.ts';
import type { Assessment } from '../../guideline/assess.ts';
import type { Indicator } from '../../guideline/card.ts';
import { cardAnchor } from '../parts/card-link.tsx';
import { CardBody, type EvidenceUrl } from './card-body.tsx';

interface CardItemProps {
  readonly assessment: Assessment;
  readonly pending: ReadonlySet<ResourceKey>;
  readonly evidenceUrl: EvidenceUrl | undefined;
  /** Why it is where it is; empty where its own words say it. */
  readonly reason: string;
  readonly isOpen?: boolean;
}

/** One card: a line, and behind it why it is there and what it rests on. */
export function CardItem({ assessment, pending, evidenceUrl, reason, isOpen = false }: CardItemProps) {
  const { card, texts } = assessment;
  return (
    <details
      id={cardAnchor(card.file.id)}
      class={`recommendations-card is-${texts?.indicator ?? 'none'}`}
      open={isOpen}
    >
      <summary>
        {texts === undefined ? (
          <>
            <span class="recommendations-title">{card.file.title}</span> <span class="quiet small">{reason}</span>
          </>
        ) : (
          <>
            <IndicatorMark indicator={texts.indicator} /> <span class="recommendations-summary">{texts.summary}</span>
          </>
        )}
      </summary>
      <CardBody assessment={assessment} pending={pending} evidenceUrl={evidenceUrl} />
    </details>
  );
}

const INDICATORS: Readonly<Record<Indicator, { readonly word: string; readonly shape: string }>> = {
  info: { word: 'Info', shape: 'i' },
  warning: { word: 'Warning', shape: '!' },
  critical: { word: 'Critical', shape: '‼' },
};

/** How urgent it is, as a word and a shape. */
function IndicatorMark({ indicator }: { readonly indicator: Indicator }) {
  const { word, shape } = INDICATORS[indicator];
  return (
    <span class={`mark recommendations-${indicator}`}>
      <span class="mark-shape" aria-hidden="true">
        {shape}
      </span>
      {word}
    </span>
  );
}
