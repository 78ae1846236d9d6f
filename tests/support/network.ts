import { afterAll, afterEach, beforeAll } from '@jest/globals';
import nock from 'nock';

// A closed network: only loopback is reachable, every declared exchange must happen, and the interception is taken down
// again, since jest's workers share Node's http and a file that left it active would block the next file's own server.
beforeAll(() => {
  if (!nock.isActive()) nock.activate();
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
});

afterEach(() => {
  const unused = nock.pendingMocks();
  nock.cleanAll();
  if (unused.length > 0) throw new Error(`declared and never asked for: ${unused.join(', ')}`);
});

afterAll(() => {
  nock.restore();
});
