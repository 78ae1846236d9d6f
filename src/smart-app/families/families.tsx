import { type ComponentChildren, Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import type { EducationItem } from '../../guideline/education.ts';
import { Contacts } from './contacts.tsx';
import { type FamiliesContent, familiesView, PARTS, type SectionView } from './families-view.ts';
import { NameOfSource } from './name-of-source.tsx';
import { usePrintOnly } from './print-only.ts';

const TOP = 'families-contents';

/** The plain-language page, in place of the clinician's panels. Nothing in it is of a chart. */
export function Families(content: FamiliesContent) {
  const { education } = content;
  const view = useMemo(() => familiesView(content), [content.education, content.contacts, content.sources]);
  const { only, print } = usePrintOnly();
  return (
    <article
      class={only === 'questions' ? 'families families-only-questions' : 'families'}
      aria-labelledby="families-title"
    >
      <header class="families-head">
        <h1 id="families-title">{education.title}</h1>
        <p>{education.lead}</p>
        <div class="families-notice">
          <p>This page is the same for everybody. Nothing in it comes from your record.</p>
          <p>
            {!view.isReviewed && <strong>Not reviewed. </strong>}
            {view.review}
          </p>
        </div>
      </header>

      <nav id={TOP} class="families-contents no-print" aria-label="On this page">
        <ul>
          {view.contents.map(({ anchor, title }) => (
            <li key={anchor}>
              <a href={`#${anchor}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="families-print no-print">
        <button type="button" onClick={() => print('page')}>
          Print this page
        </button>{' '}
        <button type="button" onClick={() => print('questions')}>
          Print the questions only
        </button>
      </p>

      {view.sections.map((section) => (
        <Section key={section.anchor} {...section} />
      ))}

      <Part {...PARTS.questions}>
        <p>Take this list along. You need not ask all of them, and not on one day.</p>
        {education.questions.map(({ about, questions }) => (
          <div key={about} class="families-item">
            <h3>{about}</h3>
            <ul class="families-asked">
              {questions.map((question) => (
                <li key={question}>{question}</li>
              ))}
            </ul>
          </div>
        ))}
      </Part>
      <Part {...PARTS.contacts}>
        <Contacts contacts={view.contacts} />
      </Part>
      <Part {...PARTS.words}>
        <dl class="families-glossary">
          {view.words.map(({ anchor, word, means }) => (
            <div key={word} id={anchor}>
              <dt>{word}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <Part {...PARTS.limits}>
        {education.limits.map((limit) => (
          <p key={limit}>{limit}</p>
        ))}
      </Part>
    </article>
  );
}

function Section({ anchor, title, items, words, sources, withoutSource, reviewed }: SectionView) {
  return (
    <Part anchor={anchor} title={title}>
      {items.map((item) => (
        <Item key={item.id} {...item} />
      ))}
      {words.length > 0 && (
        <p class="families-used no-print">
          Words explained:{' '}
          {words.map(({ anchor: to, word }, at) => (
            <Fragment key={word}>
              {at > 0 && ', '}
              <a href={`#${to}`}>{word}</a>
            </Fragment>
          ))}
        </p>
      )}
      <footer class="families-sources">
        {reviewed !== undefined && <p>{reviewed}</p>}
        {withoutSource.map((note) => (
          <p key={note}>{note}</p>
        ))}
        {sources.length > 0 && (
          <details class="families-cited">
            <summary>
              Where this comes from<span class="heard">: {title}</span> ({sources.length})
            </summary>
            <ul>
              {sources.map((source) => (
                <li key={source.label}>
                  <NameOfSource {...source} />
                </li>
              ))}
            </ul>
          </details>
        )}
      </footer>
    </Part>
  );
}

interface PartProps {
  readonly anchor: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

function Part({ anchor, title, children }: PartProps) {
  return (
    <section id={anchor} class={`families-part ${anchor}`} aria-labelledby={`${anchor}-title`}>
      <h2 id={`${anchor}-title`}>{title}</h2>
      {children}
      <p class="families-up no-print">
        <a href={`#${TOP}`}>Back to the list</a>
      </p>
    </section>
  );
}

function Item({ heading, text }: EducationItem) {
  return (
    <div class="families-item">
      <h3>{heading}</h3>
      {text.map((part) =>
        typeof part === 'string' ? (
          <p key={part}>{part}</p>
        ) : (
          <ul key={part.points.join()}>
            {part.points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        ),
      )}
    </div>
  );
}
