import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { FeedbackStoreError } from '../../../src/feedback/feedback-store.ts';
import { createFeedbackStore } from '../../../src/feedback/store/append-feedback.ts';
import { openDatabase } from '../../../src/feedback/store/open-database.ts';
import { entry, received } from '../feedback-fixtures.ts';

// A process of its own, for tests that end it or run it beside another: appends one entry after the other for a client, each
// until it is kept, says so, and then waits until it is ended.
const [url = '', client = '', count = '0', first = '0'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

const store = createFeedbackStore(await openDatabase(url));
process.stdin.resume();
let number = Number(first);
while (number < Number(first) + Number(count)) {
  // A system of some length, so that a file grows quickly.
  const overrideReasons = [{ system: `urn:${'x'.repeat(250)}`, code: 'done-elsewhere' }];
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
    await store.append(received([entry(number, { overrideReasons })], { client }));
    say(`kept ${number}`);
    number += 1;
  } catch (error) {
    say(`refused ${number} ${error instanceof FeedbackStoreError ? error.reason : 'by a fault'}`);
    // oxlint-disable-next-line no-await-in-loop -- a client, too, waits before it sends again
    await setTimeout(20);
  }
}
say('done');
