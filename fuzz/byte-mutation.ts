import * as fc from 'fast-check';

/** One change to bytes, wherever they come from. */
export type ByteMutation = { readonly done: string; readonly apply: (bytes: Buffer) => Buffer };

/** Not UTF-8: a lone continuation, an overlong slash, a surrogate, a cut sequence, bytes that never occur. */
const NOT_UTF8: readonly (readonly number[])[] = [
  [0x80],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xe2, 0x82],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff, 0xfe],
  [0x00],
  [0xef, 0xbb, 0xbf],
];

/** What means something in JSON, at places where it does not belong. */
const TOKENS = ['{', '}', '[', ']', '"', '\\', ',', ':', 'null', '-', 'e999', '\\u', '\\ud800', '//', '\n', '{"hook":'];

// A place is a fraction of the length: the same mutation fits every body.
const place = fc.nat(0xff_ff_ff).map((part) => part / 0x1_00_00_00);
const length = fc.oneof(fc.nat(8), fc.nat(2000));

const one: fc.Arbitrary<ByteMutation> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(([at, bit]) => ({
    done: 'flip a bit',
    apply: (bytes: Buffer) =>
      spliced(
        bytes,
        at,
        1,
        Buffer.from(
          bytes
            .subarray(offset(bytes, at))
            .subarray(0, 1)
            .map((byte) => byte ^ (1 << bit)),
        ),
      ),
  })),
  fc.tuple(place, length).map(([at, count]) => ({
    done: 'delete bytes',
    apply: (bytes: Buffer) => spliced(bytes, at, count, Buffer.alloc(0)),
  })),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 20 })).map(([at, noise]) => ({
    done: 'insert noise',
    apply: (bytes: Buffer) => spliced(bytes, at, 0, Buffer.from(noise)),
  })),
  fc.tuple(place, fc.constantFrom(...NOT_UTF8)).map(([at, noise]) => ({
    done: 'insert bytes that are not UTF-8',
    apply: (bytes: Buffer) => spliced(bytes, at, 0, Buffer.from(noise)),
  })),
  fc.tuple(place, fc.nat(3), fc.constantFrom(...TOKENS)).map(([at, count, token]) => ({
    done: `put ${JSON.stringify(token)} over ${count} bytes`,
    apply: (bytes: Buffer) => spliced(bytes, at, count, Buffer.from(token)),
  })),
  place.map((at) => ({ done: 'truncate', apply: (bytes: Buffer) => bytes.subarray(0, offset(bytes, at)) })),
  fc.tuple(place, place, length).map(([from, to, count]) => ({
    done: 'copy a slice',
    apply: (bytes: Buffer) => spliced(bytes, to, 0, bytes.subarray(offset(bytes, from)).subarray(0, count)),
  })),
  fc.constant({
    done: 'start with a byte order mark',
    apply: (bytes: Buffer) => spliced(bytes, 0, 0, Buffer.from('\ufeff')),
  }),
  fc.constant({ done: 'encode as UTF-16', apply: (bytes: Buffer) => Buffer.from(bytes.toString('utf8'), 'utf16le') }),
  fc.constant({ done: 'say it twice', apply: (bytes: Buffer) => Buffer.concat([bytes, bytes]) }),
);

/** Between one and four changes to bytes. */
export const byteMutations: fc.Arbitrary<readonly ByteMutation[]> = fc.array(one, {
  minLength: 1,
  maxLength: 4,
  size: 'max',
});

/** The bytes after these changes, one after the other. */
export function damaged(bytes: Buffer, mutations: readonly ByteMutation[]): Buffer {
  return mutations.reduce<Buffer>((held, { apply }) => apply(held), bytes);
}

function offset(bytes: Buffer, at: number): number {
  return Math.floor(at * (bytes.length + 1));
}

function spliced(bytes: Buffer, at: number, remove: number, insert: Buffer): Buffer {
  const start = offset(bytes, at);
  return Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
}
