import { type Block, blocksOf, type Span } from '../../markdown/blocks.ts';

/** The text of a card as paragraphs and lists. Nothing in it becomes markup but what the blocks name. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <>
      {blocksOf(text).map((block, at) => (
        <BlockView key={at} block={block} />
      ))}
    </>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  if (block.kind === 'paragraph') {
    return (
      <p>
        <Spans spans={block.spans} />
      </p>
    );
  }
  return (
    <ul>
      {block.items.map((spans, at) => (
        <li key={at}>
          <Spans spans={spans} />
        </li>
      ))}
    </ul>
  );
}

function Spans({ spans }: { readonly spans: readonly Span[] }) {
  return (
    <>
      {spans.map((span, at) => (
        <SpanView key={at} span={span} />
      ))}
    </>
  );
}

function SpanView({ span: { kind, text, url } }: { readonly span: Span }) {
  if (kind === 'strong') return <strong>{text}</strong>;
  if (kind === 'emphasis') return <em>{text}</em>;
  if (kind === 'plain') return <>{text}</>;
  return <OutsideLink url={url}>{text}</OutsideLink>;
}

/** A link out of the app, which must not learn where from. Anything but a web address stays text. */
export function OutsideLink({ url, children }: { readonly url: string; readonly children: string }) {
  if (!/^https?:\/\//.test(url)) return <>{children}</>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
