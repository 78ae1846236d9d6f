const LIST_ITEM = /^(\s*(?:[-*•]|\d+\.)\s+)(.*)$/;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** Text in lines of at most `width` characters; paragraphs stay apart and list items hang under their bullet. */
export function wrap(text: string, width: number, indent: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrapLine(line, width, indent));
}

/** Markdown as it reads in a terminal: without emphasis marks, escapes and entities. */
export function plainMarkdown(markdown: string): string {
  return markdown
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, '$1 ($2)')
    .replaceAll(/(\*\*|__)(?=\S)(.+?)\1/g, '$2')
    .replaceAll(/(?<![\\\w*])\*(?=[^\s*])([^*]+?)(?<!\\)\*(?!\w)/g, '$1')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/&(amp|lt|gt|quot|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity);
}

function wrapLine(line: string, width: number, indent: string): readonly string[] {
  const [, bullet = '', item = line.trim()] = LIST_ITEM.exec(line) ?? [];
  const hanging = indent + ' '.repeat(bullet.length);
  const lines: string[] = [];
  let current = indent + bullet;
  let empty = true;
  for (const word of item.split(/\s+/)) {
    if (!empty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = hanging + word;
      continue;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current.trimEnd()];
}
