import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Panel } from '../parts/panel.tsx';
import type { EvidenceContent } from './content.ts';
import { FigureTable } from './figure-table.tsx';
import { contrastsAmong } from './figure-words.ts';
import { medianTable } from './median-view.ts';
import { brainTable, presentationTable, reactionTable } from './occurrence-view.ts';
import { PlaceLink } from './place-link.tsx';
import { ResponsePlot } from './response-plot.tsx';
import { controlTable, responsePlot, responseTable } from './response-view.ts';
import { SourceNames } from './source-links.tsx';
import { sourceGroups, sourceNames } from './source-view.ts';
import { Sources } from './sources.tsx';
import { survivalRanges, survivalTable } from './survival-view.ts';
import { conflictTable, topicsOf } from './topic-view.ts';
import { Topics } from './topics.tsx';

const SECTIONS = [
  ['responses', 'Response rates'],
  ['times', 'Other outcomes and times'],
  ['survival', 'Survival'],
  ['brain', 'Brain metastases'],
  ['presentation', 'At presentation'],
  ['safety', 'Safety'],
  ['conflicts', 'Where sources disagree'],
  ['topics', 'What the sources say'],
  ['sources', 'Sources'],
] as const;

interface EvidenceProps {
  readonly content: EvidenceContent;
}

/** The figures behind the cards, with who was counted, by whom and where; the same for every patient. */
export function Evidence({ content }: EvidenceProps) {
  // Made once: the chart that is being read around it changes nothing here.
  return useMemo(() => <EvidencePanel content={content} />, [content]);
}

function EvidencePanel({ content }: EvidenceProps) {
  const names = sourceNames(content.sources);
  const { outcomes } = content;
  const [control, medians] = [controlTable(outcomes), medianTable(outcomes)];
  const [survival, brain] = [survivalTable(outcomes), brainTable(outcomes)];
  const [presentation, reactions] = [presentationTable(outcomes), reactionTable(outcomes)];
  const [responses, conflicts] = [responseTable(outcomes), conflictTable(content)];
  const [topics, groups] = [topicsOf(content), sourceGroups(content)];
  return (
    <Panel id="evidence" title="Evidence">
      <SourceNames.Provider value={names}>
        <p class="evidence-lead">
          For professionals, beside guidelines and judgement: check a figure against its publication before relying on
          it. The same for every patient. Of what is folded, only what is opened is printed.
        </p>
        <Contents />
        <Section name="responses">
          <ResponsePlot groups={responsePlot(outcomes)} />
          <details class="evidence-folded">
            <summary>
              {responses.caption}, table ({responses.rows.length})
            </summary>
            <FigureTable view={responses} isNamedAbove />
          </details>
        </Section>
        <Section name="times" count={control.rows.length + medians.rows.length}>
          <FigureTable view={control} />
          <FigureTable view={medians} />
        </Section>
        <Section name="survival" count={survival.rows.length}>
          <Sentences texts={survivalRanges(outcomes)} />
          <Sentences texts={contrastsAmong(outcomes.survival, outcomes)} />
          <FigureTable view={survival} isNamedAbove />
        </Section>
        <Section name="brain" count={brain.rows.length}>
          <Sentences texts={contrastsAmong(brain.rows, outcomes)} />
          <FigureTable view={brain} isNamedAbove />
        </Section>
        <Section name="presentation" count={presentation.rows.length}>
          <Sentences texts={contrastsAmong(presentation.rows, outcomes)} />
          <FigureTable view={presentation} isNamedAbove />
        </Section>
        <Section name="safety" count={reactions.rows.length}>
          <FigureTable view={reactions} isNamedAbove />
        </Section>
        <Section name="conflicts" count={conflicts.rows.length}>
          <FigureTable view={conflicts} isNamedAbove />
        </Section>
        <Section name="topics" count={topics.flatMap(({ items }) => items).length}>
          <Topics topics={topics} />
        </Section>
        <Section name="sources" count={content.sources.length}>
          <Sources groups={groups} />
        </Section>
      </SourceNames.Provider>
    </Panel>
  );
}

function Contents() {
  return (
    <nav class="evidence-contents no-print" aria-label="Parts of the evidence">
      <ul>
        {SECTIONS.map(([name, title]) => (
          <li key={name}>
            <PlaceLink id={`evidence-${name}`}>{title}</PlaceLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface SectionProps {
  readonly name: (typeof SECTIONS)[number][0];
  /** Of what it holds; it is folded then, and says so. */
  readonly count?: number;
  readonly children: ComponentChildren;
}

function Section({ name, count, children }: SectionProps) {
  const id = `evidence-${name}`;
  const heading = <h3 id={`${id}-title`}>{SECTIONS.find(([one]) => one === name)?.[1]}</h3>;
  if (count === undefined)
    return (
      <section class="evidence-section" id={id} aria-labelledby={`${id}-title`}>
        {heading}
        {children}
      </section>
    );
  return (
    <details class="evidence-folded" id={id} aria-labelledby={`${id}-title`}>
      <summary>
        {heading} ({count})
      </summary>
      <div class="evidence-section">{children}</div>
    </details>
  );
}

function Sentences({ texts }: { readonly texts: readonly string[] }) {
  return texts.map((text) => (
    <p key={text} class="evidence-sentence">
      {text}
    </p>
  ));
}
