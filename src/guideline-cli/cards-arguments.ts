import { parseArgs } from 'node:util';

/** What `npm run cards` was asked to do. */
export type CardsArguments = {
  readonly cards: string | undefined;
  readonly overlays: readonly string[];
} & (
  | { readonly command: 'check' | 'list' }
  | {
      readonly command: 'explain';
      readonly patient: string;
      readonly hook: string;
      readonly draft: string | undefined;
      readonly omit: readonly string[];
      readonly fixtures: string | undefined;
    }
);

/** The command was not understood; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `npm run cards` understands. */
export const USAGE = `Usage: npm run cards -- check | list | explain <patient> <hook> [draft]

  check            everything that can be wrong with the guideline, without a patient
  list             the cards, one a line
  explain          for one synthetic patient on one hook: which cards are shown, and what decided
                   each of them. order-select and order-sign need the name of draft orders.

  --cards <dir>    another guideline folder than cards/
  --overlay <dir>  a site's folder laid over it; may be repeated
  --omit <keys>    explain: prefetch keys that the EHR leaves out, with commas between them
  --fixtures <dir> explain: a folder with other patients and drafts
  --help           this text

Exit codes: 0 all well, 1 the guideline has errors, 2 not understood.
`;

/** Reads the command line; undefined when help was asked for. */
export function parseCardsArguments(args: readonly string[]): CardsArguments | undefined {
  const { values, positionals } = parsedOrUsage(args);
  if (values.help === true) return undefined;
  const [command, ...rest] = positionals;
  const folders = { cards: values.cards, overlays: values.overlay ?? [] };
  if (command === 'explain') {
    const [patient, hook, draft, ...more] = rest;
    if (patient === undefined || hook === undefined) throw new UsageError('explain needs a patient and a hook');
    if (more.length > 0) throw new UsageError(`Unexpected argument: ${more.join(' ')}`);
    const omit = (values.omit ?? '').split(',').filter((key) => key !== '');
    return { command, patient, hook, draft, omit, fixtures: values.fixtures, ...folders };
  }
  if (command !== 'check' && command !== 'list') {
    throw new UsageError(command === undefined ? 'What is to be done?' : `Unknown command: ${command}`);
  }
  if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest.join(' ')}`);
  return { command, ...folders };
}

function parsedOrUsage(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        cards: { type: 'string' },
        overlay: { type: 'string', multiple: true },
        omit: { type: 'string' },
        fixtures: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
