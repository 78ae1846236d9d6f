import { styleText } from 'node:util';
import { runCards } from './run-cards.ts';

const { exitCode, stdout, stderr } = await runCards(process.argv.slice(2), {
  width: process.stdout.columns ?? 120,
  style: (name, text) => styleText(name, text, { stream: process.stdout }),
});
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
