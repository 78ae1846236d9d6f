/** A run of text within a paragraph; whoever shows it escapes every part of it. */
export interface Span {
  readonly kind: 'plain' | 'strong' | 'emphasis' | 'link';
  readonly text: string;
  /** Of a link: http or https. */
  readonly url: string;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] };

const LIST_ITEM = /^\s*[-*•]\s+(.*)$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** Strong, emphasis and link, each neither empty nor behind a backslash. */
const SPAN =
  /(?<!\\)(?:\*\*(?=\S)(?<strong>(?:\\.|[^\\*])+?)\*\*|\*(?=\S)(?<emphasis>(?:\\.|[^\\*])+?)\*|\[(?<label>(?:\\.|[^\\[\]])+?)\]\((?<url>https?:\/\/[^\s()]+)\))/gs;

/**
 * The detail of a card as paragraphs and lists: of GitHub Flavored Markdown what services write in one, and nothing that could be
 * markup of ours. What is not understood stays as it was written.
 */
export function blocksOf(markdown: string): readonly Block[] {
  const paragraphs = markdown.replaceAll('\r\n', '\n').split(/\n[ \t]*\n/);
  return paragraphs.flatMap(blocksOfParagraph);
}

/** A heading and the list under it often stand in one paragraph: runs of list items are lists, the rest is text. */
function blocksOfParagraph(paragraph: string): readonly Block[] {
  const blocks: Block[] = [];
  let list: (readonly Span[])[] = [];
  let lines: string[] = [];
  const close = () => {
    if (lines.length > 0) blocks.push({ kind: 'paragraph', spans: spansOf(lines.join('\n')) });
    if (list.length > 0) blocks.push({ kind: 'list', items: list });
    list = [];
    lines = [];
  };
  for (const line of paragraph.split('\n')) {
    const item = LIST_ITEM.exec(line)?.[1];
    if (line.trim() === '') continue;
    if ((item === undefined) !== (list.length === 0)) close();
    if (item === undefined) lines.push(line.trim());
    else list.push(spansOf(item));
  }
  close();
  return blocks;
}

function spansOf(line: string): readonly Span[] {
  const spans: Span[] = [];
  let at = 0;
  const plain = (end: number) => {
    if (end > at) spans.push({ kind: 'plain', text: unescaped(line.slice(at, end)), url: '' });
  };
  for (const { 0: whole, index, groups } of line.matchAll(SPAN)) {
    plain(index);
    spans.push(marked(groups ?? {}));
    at = index + whole.length;
  }
  plain(line.length);
  return spans;
}

function marked({ strong, emphasis, label, url }: Readonly<Record<string, string | undefined>>): Span {
  if (strong !== undefined) return { kind: 'strong', text: unescaped(strong), url: '' };
  if (emphasis !== undefined) return { kind: 'emphasis', text: unescaped(emphasis), url: '' };
  return { kind: 'link', text: unescaped(label ?? ''), url: url ?? '' };
}

/** Without the escapes and entities that kept the text from being markup: from here on it is text. */
function unescaped(source: string): string {
  return source
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}
