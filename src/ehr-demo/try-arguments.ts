import { parseArgs } from 'node:util';
import { UsageError } from '../terminal/usage-error.ts';

/** What `npm run try` was asked to do. */
export type TryArguments = {
  readonly patient: string | undefined;
  readonly hook: string;
  readonly draft: string | undefined;
  readonly url: string;
  readonly fixtures: string | undefined;
  readonly print: 'cards' | 'json' | 'request';
};

/** What `npm run try` understands. */
export const USAGE = `Usage: npm run try -- [patient] [hook] [options]

Plays the EHR against the running service (npm start) and shows the cards it answers with.
Without arguments: lists the patients. The hook is patient-view unless given; others are
  order-select, order-sign, order-dispatch, encounter-start, encounter-discharge,
  appointment-book, problem-list-item-create

  --draft <name>   order-select, order-sign: the draft orders; else those of the patient's first such
                   call. appointment-book: the appointments, if any
  --json           print the raw answer only (npm run -s try -- …, for a pipe)
  --request        print the request instead of sending it
  --url <url>      where the service runs (http://127.0.0.1:3000)
  --fixtures <dir> a folder with other patients, drafts and scenarios.yaml
  --help           this text

Exit codes: 0 answered, 2 not understood, 3 no service there, 4 the service refused.
`;

/** Reads the command line; undefined when help was asked for. */
export function parseTryArguments(args: readonly string[]): TryArguments | undefined {
  const { values, positionals } = parsedOrUsage(args);
  if (values.help === true) return undefined;
  const [patient, hook = 'patient-view', ...rest] = positionals;
  if (rest.length > 0) throw new UsageError(`Unexpected argument: ${rest.join(' ')}`);
  if (!URL.canParse(values.url)) throw new UsageError(`Not a URL: ${values.url}`);
  const print = values.request === true ? 'request' : values.json === true ? 'json' : 'cards';
  return { patient, hook, draft: values.draft, url: values.url.replace(/\/+$/, ''), fixtures: values.fixtures, print };
}

function parsedOrUsage(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        draft: { type: 'string' },
        json: { type: 'boolean' },
        request: { type: 'boolean' },
        url: { type: 'string', default: 'http://127.0.0.1:3000' },
        fixtures: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
