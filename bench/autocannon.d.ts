/** The part of autocannon 8 that the benchmark uses; the package ships no types and @types/autocannon describes 7. */
declare module 'autocannon' {
  export type Options = {
    readonly url: string;
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly connections: number;
    readonly amount: number;
    readonly sampleInt: number;
    readonly timeout: number;
    readonly verifyBody: (body: string) => boolean;
  };
  export type Result = {
    readonly '2xx': number;
    readonly non2xx: number;
    readonly errors: number;
    readonly mismatches: number;
    readonly statusCodeStats: Readonly<Record<string, unknown>>;
    readonly latency: { readonly p50: number; readonly p99: number };
  };
  export type Run = Promise<Result> & { on(event: 'start' | 'response', listener: () => void): Run };
  const autocannon: (options: Options) => Run;

  export { autocannon as 'module.exports' };
  export default autocannon;
}
