/** What an address is for: decides what a good answer looks like. */
export type Target = 'service' | 'feedback' | 'discovery' | 'probe' | 'page' | 'nowhere';

/** The kinds of request, as the summary counts them. */
export type Kind = 'real' | 'structure' | 'bytes' | 'encoding' | 'feedback' | 'address' | 'socket';

/** One HTTP request, ready to be sent by an HTTP client. */
export type HttpRequest = {
  readonly via: 'http';
  readonly kind: Kind;
  readonly target: Target;
  /** What was done to a real request, in words. */
  readonly done: readonly string[];
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** Nothing but the request decides the answer, so that a second one must be the same. */
  readonly repeatable: boolean;
};

/** Bytes that no HTTP client would send, written to a connection of their own. */
export type SocketRequest = {
  readonly via: 'socket';
  readonly kind: 'socket';
  readonly target: Target;
  readonly done: readonly string[];
  readonly bytes: Buffer;
};

/** Whatever the fuzzer sends. */
export type WireRequest = HttpRequest | SocketRequest;

/** An answer, read to its end. */
export type Answer = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** What came of sending a request; a connection that closes without a word is `silent`. */
export type Outcome =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[]; readonly ms: number }
  | { readonly kind: 'silent'; readonly reason: string; readonly ms: number }
  | { readonly kind: 'timed-out'; readonly ms: number };

/** JSON in the way an EHR sends it. */
export const JSON_TYPE = { 'content-type': 'application/json' } as const;
