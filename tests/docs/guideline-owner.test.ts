import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { runCards } from '../../src/guideline-cli/run-cards.ts';
import { shipped } from '../guideline/folder.ts';
import { documentAt } from './documents.ts';

const { text } = documentAt('docs/guideline-owner.md');
/** Indented ones stand in lists. */
const blocks = [...text.matchAll(/^ *```(\w*)\n([^]*?)^ *```$/gm)].map(([, language = '', content = '']) => ({
  language,
  content,
}));
const commands = blocks.flatMap(({ content }) =>
  [...content.matchAll(/npm run cards -- (.+)/g)].map(([, one = '']) => one),
);

test('names commands', () => {
  expect(commands.length).toBeGreaterThan(5);
});

test.each(commands)('npm run cards -- %s', async (command) => {
  const { exitCode, stderr } = await runCards(command.split(' '), { width: 120, style: (_name, plain) => plain });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('shows what the commands say', async () => {
  const shown = blocks.flatMap(({ content }, at) => {
    const [, command] = /^npm run cards -- (explain .+)$/m.exec(blocks[at - 1]?.content ?? '') ?? [];
    return command !== undefined && content.includes(' shown (') ? [{ command, content }] : [];
  });
  expect(shown).toHaveLength(2);
  for (const { command, content } of shown) {
    // oxlint-disable-next-line no-await-in-loop -- two commands, one after the other
    const { stdout } = await runCards(command.split(' '), { width: 120, style: (_name, plain) => plain });
    expect(stdout).toContain(content);
  }
});

test('quotes the condition of the card that it reads', () => {
  const quoted = blocks.find(({ content }) => content.startsWith('when:'))?.content ?? '';
  const card = parse(shipped.get('baseline-brain-mri.yaml') ?? '') as { readonly when: unknown };
  expect(parse(quoted)).toEqual({ when: card.when });
});
