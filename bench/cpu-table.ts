import type { CpuCost } from './cpu-cost.ts';
import { cpuRatios, table, typicalRound } from './statistics.ts';

/** The costs as a table. */
export function cpuTable(costs: readonly CpuCost[]): string {
  const head = [
    'body',
    'KB in',
    'cards',
    'bytes out',
    'CPU µs',
    'bare µs',
    'ratio',
    'min–max',
    'req/s',
    'bare req/s',
    'p50 ms',
    'p99 ms',
  ];
  const rows = costs.map(({ body, cards, answerBytes, pairs }) => {
    const service = typicalRound(pairs.map((pair) => pair.service));
    const bare = typicalRound(pairs.map((pair) => pair.bare));
    const ratio = cpuRatios(pairs);
    return [
      body.title,
      (Buffer.byteLength(body.json) / 1000).toFixed(0),
      String(cards),
      String(answerBytes),
      service.cpuMicroseconds.toFixed(0),
      bare.cpuMicroseconds.toFixed(0),
      ratio.median.toFixed(2),
      `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`,
      service.requestsPerSecond.toFixed(0),
      bare.requestsPerSecond.toFixed(0),
      service.p50.toFixed(0),
      service.p99.toFixed(0),
    ];
  });
  return table([head, ...rows]);
}

/** The costs with every round, for programs. */
export function cpuJson(costs: readonly CpuCost[]): readonly object[] {
  return costs.map(({ body, answerBytes, pairs }) => ({
    name: body.name,
    bodyBytes: Buffer.byteLength(body.json),
    answerBytes,
    cpuRatio: cpuRatios(pairs),
    service: typicalRound(pairs.map(({ service }) => service)),
    bare: typicalRound(pairs.map(({ bare }) => bare)),
    pairs,
  }));
}
