import { expect, test } from '@jest/globals';
import type { FhirExchange } from '../../src/ehr-demo/fhir-server/fhir-exchange.ts';
import { trafficWatch } from '../../src/ehr-demo/traffic-watch.ts';

function exchange(path: string, token?: string): FhirExchange {
  return { method: 'GET', path, status: 200, milliseconds: 1, bytes: 2, token };
}

test('what comes with the token while it is watched is told, and nothing else', () => {
  const traffic = trafficWatch();
  traffic.record(exchange('before', 'a'));
  const [a, nobody] = [traffic.watch('a'), traffic.watch(undefined)];
  traffic.record(exchange('1', 'a'));
  traffic.record(exchange('2', 'b'));
  traffic.record(exchange('3'));
  const seen = a.stop();
  traffic.record(exchange('after', 'a'));
  expect(seen).toEqual([exchange('1', 'a')]);
  expect(nobody.stop()).toEqual([exchange('3')]);
});

test('strangers cannot fill the memory', () => {
  const traffic = trafficWatch();
  const nobody = traffic.watch(undefined);
  for (let at = 0; at < 1000; at += 1) traffic.record(exchange(`Patient?name=${'x'.repeat(10_000)}`));
  const seen = nobody.stop();
  expect(seen).toHaveLength(200);
  expect(seen.every(({ path }) => path.length <= 2001 && path.endsWith('…'))).toBe(true);
});
