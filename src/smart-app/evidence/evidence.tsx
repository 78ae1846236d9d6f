import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { Panel } from '../parts/panel.tsx';
import type { EvidenceContent } from './content.ts';
import { FigureTable } from './figure-table.tsx';
import { contrastsAmong } from './figure-words.ts';
import { medianTable } from './median-view.ts';
import { brainTable, presentationTable, reactionTable } from './occurrence-view.ts';
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
  const [brain, presentation] = [brainTable(outcomes), presentationTable(outcomes)];
  return (
    <Panel id="evidence" title="Evidence">
      <SourceNames.Provider value={names}>
        <p class="evidence-lead">
          For professionals, beside guidelines and judgement: check a figure against its publication before relying on
          it. The same for every patient.
        </p>
        <Contents />
        <Section name="responses">
          <ResponsePlot groups={responsePlot(outcomes)} />
          <FigureTable view={responseTable(outcomes)} />
        </Section>
        <Section name="times">
          <FigureTable view={controlTable(outcomes)} />
          <FigureTable view={medianTable(outcomes)} />
        </Section>
        <Section name="survival">
          <Sentences texts={survivalRanges(outcomes)} />
          <Sentences texts={contrastsAmong(outcomes.survival, outcomes)} />
          <FigureTable view={survivalTable(outcomes)} isNamedAbove />
        </Section>
        <Section name="brain">
          <Sentences texts={contrastsAmong(brain.rows, outcomes)} />
          <FigureTable view={brain} isNamedAbove />
        </Section>
        <Section name="presentation">
          <Sentences texts={contrastsAmong(presentation.rows, outcomes)} />
          <FigureTable view={presentation} isNamedAbove />
        </Section>
        <Section name="safety">
          <FigureTable view={reactionTable(outcomes)} isNamedAbove />
        </Section>
        <Section name="conflicts">
          <FigureTable view={conflictTable(content)} isNamedAbove />
        </Section>
        <Section name="topics">
          <Topics topics={topicsOf(content)} />
        </Section>
        <Section name="sources">
          <Sources groups={sourceGroups(content)} />
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
            <a href={`#evidence-${name}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface SectionProps {
  readonly name: (typeof SECTIONS)[number][0];
  readonly children: ComponentChildren;
}

function Section({ name, children }: SectionProps) {
  const title = SECTIONS.find(([one]) => one === name)?.[1];
  return (
    <section class="evidence-section" id={`evidence-${name}`} aria-labelledby={`evidence-${name}-title`}>
      <h3 id={`evidence-${name}-title`}>{title}</h3>
      {children}
    </section>
  );
}

function Sentences({ texts }: { readonly texts: readonly string[] }) {
  return texts.map((text) => (
    <p key={text} class="evidence-sentence">
      {text}
    </p>
  ));
}
