import { cruise } from 'dependency-cruiser';
import { OPTIONS } from './dependency-cruiser.mjs';

const LEAST_MODULES = 20;

const { output } = await cruise(['src'], OPTIONS);
const { violations } = output.summary;
const modules = output.modules.filter(({ source }) => source.startsWith('src/')).length;

for (const { rule, from, to, cycle } of violations) {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' → ');
  process.stderr.write(`${rule.name}: ${from} → ${path}\n`);
}
process.stdout.write(`boundaries: ${modules} modules cruised, ${violations.length} violation(s)\n`);

// A cruise that saw nothing finds nothing wrong: that is a broken parser, not a clean house.
if (modules < LEAST_MODULES) process.stderr.write(`boundaries: at least ${LEAST_MODULES} modules were expected\n`);
if (violations.length > 0 || modules < LEAST_MODULES) process.exitCode = 1;
