import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ServiceError } from '../../src/cds-hooks/errors.ts';
import { type FeedbackEntry, type ParsedFeedback, parseFeedback } from '../../src/cds-hooks/feedback.ts';

const CARD = '4e0a3a1e-3283-4575-ab82-028d55fe2719';
const SUGGESTION = 'e56e1945-20b3-4393-8503-a1a20fd73152';
const OTHER = '2f6f1b5c-77a5-4d7f-9c3f-0c5e6f1b2a3d';
const WHEN = '2026-11-22T10:00:00.000Z';
const REASONS = 'urn:uuid:8f1f1a5e-5b3c-4d0e-9d7e-1f2a3b4c5d6e';

const accepted = {
  card: CARD,
  outcome: 'accepted',
  acceptedSuggestions: [{ id: SUGGESTION }],
  outcomeTimestamp: WHEN,
};
const overridden = { card: CARD, outcome: 'overridden', outcomeTimestamp: WHEN };

const kept = (members: Partial<FeedbackEntry> = {}): FeedbackEntry => ({
  card: CARD,
  outcome: 'overridden',
  acceptedSuggestions: [],
  overrideReasons: [],
  hasComment: false,
  comments: [],
  outcomeTimestamp: WHEN,
  ...members,
});

const times = (length: number, value: unknown): readonly unknown[] => Array.from({ length }, () => value);

/** The entries of a body with this one entry. */
const entriesFrom = (entry: unknown) => parseFeedback({ feedback: [entry] }).entries;

/** What is said of a body in which there is nothing to be kept. */
function problemsOf(body: unknown): readonly string[] {
  try {
    parseFeedback(body);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'request-invalid') return error.details;
    throw error;
  }
  return ['nothing'];
}

describe('an accepted suggestion', () => {
  const taken = kept({ outcome: 'accepted', acceptedSuggestions: [SUGGESTION] });

  test('is kept with the card and the suggestions taken (CH-137 to CH-141)', () => {
    expect(parseFeedback({ feedback: [accepted] })).toEqual({ entries: [taken], problems: [] });
  });

  test('has uuids in lower case, each once', () => {
    const acceptedSuggestions = [{ id: SUGGESTION.toUpperCase() }, { id: OTHER }, { id: SUGGESTION }];
    expect(entriesFrom({ ...accepted, card: CARD.toUpperCase(), acceptedSuggestions })).toEqual([
      { ...taken, acceptedSuggestions: [SUGGESTION, OTHER] },
    ]);
  });

  test('may come as the id itself from old clients (M-14)', () => {
    expect(entriesFrom({ ...accepted, acceptedSuggestions: [SUGGESTION] })).toEqual([taken]);
  });

  test('has no reason for an override', () => {
    const overrideReason = { reason: { code: 'x' }, userComment: 'y' };
    expect(entriesFrom({ ...accepted, overrideReason, overrideReasons: 7 })).toEqual([taken]);
  });

  test.each<[string, unknown]>([
    ['/feedback/0/acceptedSuggestions is missing or empty, and required with "accepted"', undefined],
    ['/feedback/0/acceptedSuggestions is missing or empty, and required with "accepted"', []],
    ['/feedback/0/acceptedSuggestions is missing or empty, and required with "accepted"', null],
    ['/feedback/0/acceptedSuggestions must be an array', { id: SUGGESTION }],
    ['/feedback/0/acceptedSuggestions/0/id is missing', [{}]],
    ['/feedback/0/acceptedSuggestions/0/id must be a UUID', [{ id: '1' }]],
    ['/feedback/0/acceptedSuggestions/0 must be a UUID', ['1']],
    ['/feedback/0/acceptedSuggestions/0 must be a UUID', [[SUGGESTION]]],
  ])('cannot be without one (CH-140): %s', (problem, acceptedSuggestions) => {
    expect(problemsOf({ feedback: [{ ...accepted, acceptedSuggestions }] })).toEqual([problem]);
  });

  test('that cannot be read does not lose the others (CH-150)', () => {
    const acceptedSuggestions = [{ id: SUGGESTION }, {}, { id: 'x' }, { id: OTHER }];
    expect(parseFeedback({ feedback: [{ ...accepted, acceptedSuggestions }] })).toEqual({
      entries: [{ ...taken, acceptedSuggestions: [SUGGESTION, OTHER] }],
      problems: [
        '/feedback/0/acceptedSuggestions/1/id is missing',
        '/feedback/0/acceptedSuggestions/2/id must be a UUID',
      ],
    });
  });

  test('is one of twenty at most; the others are left out', () => {
    const ids = Array.from({ length: 21 }, (_, number) => `${SUGGESTION.slice(0, -2)}${10 + number}`);
    const entryOf = (count: number) => ({
      ...accepted,
      acceptedSuggestions: ids.slice(0, count).map((id) => ({ id })),
    });
    const entries = [{ ...taken, acceptedSuggestions: ids.slice(0, 20) }];
    expect(parseFeedback({ feedback: [entryOf(20)] })).toEqual({ entries, problems: [] });
    expect(parseFeedback({ feedback: [entryOf(21)] })).toEqual({
      entries,
      problems: ['/feedback/0/acceptedSuggestions must not hold more than 20 suggestions, the others are left out'],
    });
  });
});

describe('an overridden card', () => {
  test.each<[string, object]>([
    ['dismissed', {}],
    ['with an empty reason (CH-25)', { overrideReason: null }],
    ['with an empty list of them', { overrideReasons: [] }],
    ['with a form that was left empty', { overrideReason: { reason: null, userComment: '' } }],
    ['with suggestions, which were not taken', { acceptedSuggestions: [{ id: SUGGESTION }] }],
  ])('needs no reason: %s (CH-142)', (_how, members) => {
    expect(entriesFrom({ ...overridden, ...members })).toEqual([kept()]);
  });

  test('keeps the code and system of the reason, and not its display (CH-143)', () => {
    const reason = { code: 'done-elsewhere', system: REASONS, display: 'Done elsewhere' };
    expect(entriesFrom({ ...overridden, overrideReason: { reason } })).toEqual([
      kept({ overrideReasons: [{ code: 'done-elsewhere', system: REASONS }] }),
    ]);
  });

  test.each(['LOCAL_7', '45', 'Z53.20', 'site:7-b', 'x'.repeat(64)])(
    "keeps a client's own code without a system, as it is: %s (CH-143, M-15)",
    (code) => {
      expect(entriesFrom({ ...overridden, overrideReason: { reason: { code: ` ${code} ` } } })).toEqual([
        kept({ overrideReasons: [{ code }] }),
      ]);
    },
  );

  test.each([
    REASONS,
    'urn:oid:2.16.840.1.113883.6.96',
    'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes',
    'com.epic.cdshooks.feedback.overrideReason.reasonCategory',
  ])('keeps the system that is an identifier: %s', (system) => {
    expect(entriesFrom({ ...overridden, overrideReason: { reason: { code: 'x', system } } })).toEqual([
      kept({ overrideReasons: [{ code: 'x', system }] }),
    ]);
  });

  test.each([
    ['https://ehr.example/Patient/Example-Anna', 'https://ehr.example'],
    ['https://example.anna:19500102@ehr.example:8443/reasons?mrn=7#Example', 'https://ehr.example:8443'],
    ['http://terminology.hl7.org/CodeSystem/x/Patient/Example', 'http://terminology.hl7.org'],
    ['http://terminology.hl7.org/CodeSystem/x?patient=Example', 'http://terminology.hl7.org'],
    ['http://snomed.info/sct', 'http://snomed.info'],
  ])('keeps of a web address whose it is alone: %s', (system, origin) => {
    expect(entriesFrom({ ...overridden, overrideReason: { reason: { code: 'x', system } } })).toEqual([
      kept({ overrideReasons: [{ code: 'x', system: origin }] }),
    ]);
  });

  test.each([
    ['http: //ehr.example/reasons'],
    ['reasons'],
    [7],
    [{}],
    [`http://ehr.example/${'x'.repeat(300)}`],
    ['urn:x\u0000'],
    ['urn:example:anna'],
    ['urn:oid:Example'],
    ['urn:oid:1.2.3.'],
    ['urn:uuid:Example'],
    [`${REASONS}-Example`],
    ['mailto:anna@example.org'],
    ['com.epic.Example'],
    ['http://'],
  ])('keeps the code alone when the system is none of these: %j', (system) => {
    expect(parseFeedback({ feedback: [{ ...overridden, overrideReason: { reason: { code: 'x', system } } }] })).toEqual(
      { entries: [kept({ overrideReasons: [{ code: 'x' }] })], problems: [] },
    );
  });

  test.each([[{}], [{ reason: { code: 'x' } }]])(
    'has a comment beside it, which stands nowhere else: %j (CH-144)',
    (members) => {
      const userComment = ' Mrs Example\nwants to wait ';
      const { entries, problems } = parseFeedback({
        feedback: [{ ...overridden, overrideReason: { ...members, userComment } }],
      });
      expect(entries).toMatchObject([{ hasComment: true, comments: ['Mrs Example\nwants to wait'] }]);
      const [{ comments: _comments, ...rest } = kept()] = entries;
      expect(JSON.stringify([rest, problems])).not.toContain('Example');
    },
  );

  test.each<[string, unknown, readonly string[]]>([
    ['that is long is cut', 'x'.repeat(2001), ['x'.repeat(2000)]],
    ['is cut between characters', `${'x'.repeat(1999)}\u{1F600}`, [`${'x'.repeat(1999)}\uFFFD`]],
    ['is text that any store takes', 'a\u0000b\u001B[1mc\td\uD800', ['a b [1mc\td\uFFFD']],
    ['of white space is none', ' \n\u0000', []],
    ['that is no text is none', { text: 'x' }, []],
    ['that is a number is none', 7, []],
  ])('a comment %s', (_claim, userComment, comments) => {
    expect(entriesFrom({ ...overridden, overrideReason: { userComment } })).toEqual([
      kept({ hasComment: true, comments }),
    ]);
  });

  const unread = (given: unknown) => parseFeedback({ feedback: [{ ...overridden, overrideReason: given }] });

  test.each([{}, { display: 'x' }, { reasons: [] }])(
    'needs a reason or a comment in its reason, and is overridden without: %j (CH-145)',
    (given) => {
      expect(unread(given)).toEqual({
        entries: [kept()],
        problems: ['/feedback/0/overrideReason must hold reason, userComment or both'],
      });
    },
  );

  const NO_CODE = '/code must be 1 to 64 letters, digits, dots, colons, hyphens or underscores';
  test.each<[string, unknown]>([
    [' must be an object', 'contraindicated'],
    [' must be an object', 7],
    ['/reason must be a Coding', { reason: 'contraindicated' }],
    [`/reason${NO_CODE}`, { reason: {} }],
    [`/reason${NO_CODE}`, { reason: { display: 'Other' } }],
    [`/reason${NO_CODE}`, { reason: { coding: [{ code: 'x' }], text: 'Other' } }],
    [`/reason${NO_CODE}`, { reason: { code: 7 } }],
    [`/reason${NO_CODE}`, { reason: { code: ' ' } }],
    [`/reason${NO_CODE}`, { reason: { code: 'x'.repeat(65) } }],
    [`/reason${NO_CODE}`, { reason: { code: 'x\u0007y' } }],
    [`/reason${NO_CODE}`, { reason: { code: 'x\ny' } }],
    [`/reason${NO_CODE}`, { reason: { code: 'Müller' } }],
    [`/reason${NO_CODE}`, { reason: { code: 'Mrs Example 1950-01-02 refuses' } }],
  ])('is kept without a reason that cannot be read: %s', (problem, overrideReason) => {
    expect(unread(overrideReason)).toEqual({
      entries: [kept()],
      problems: [`/feedback/0/overrideReason${problem}, the reason is left out`],
    });
  });

  test('keeps that there was a comment beside a reason that cannot be read', () => {
    expect(unread({ reason: { display: 'Other' }, userComment: 'free' }).entries).toEqual([
      kept({ hasComment: true, comments: ['free'] }),
    ]);
  });
});

describe('overrideReasons, as Epic sends it', () => {
  test('is one object', () => {
    const overrideReasons = { reason: { code: 'contraindicated', display: 'x', system: REASONS }, userComment: 'free' };
    expect(entriesFrom({ ...overridden, overrideReasons })).toEqual([
      kept({ overrideReasons: [{ code: 'contraindicated', system: REASONS }], hasComment: true, comments: ['free'] }),
    ]);
  });

  test("holds the number of a reason of the site's own in an extension", () => {
    const name = 'com.epic.cdshooks.feedback.overrideReason.reason';
    const extension = { [`${name}Category`]: '45', [`${name}Display`]: 'words', [`${name}Title`]: 'words' };
    expect(entriesFrom({ ...overridden, overrideReasons: { extension, userComment: 'free' } })).toEqual([
      kept({ overrideReasons: [{ code: '45', system: `${name}Category` }], hasComment: true, comments: ['free'] }),
    ]);
  });

  test.each([[{}], [null], [[]], ['x'], [{ 'com.epic.cdshooks.feedback.overrideReason.reasonCategory': {} }]])(
    'is never wrong on account of its extension: %j (CH-187)',
    (extension) => {
      expect(entriesFrom({ ...overridden, overrideReasons: { extension } })).toEqual([kept()]);
    },
  );

  test('may be a list, of reasons or of their codings, each kept once', () => {
    const overrideReasons = [
      { reason: { code: 'a' } },
      { code: 'b', system: REASONS },
      { code: 'b' },
      { reason: { code: 'a' }, userComment: 'free' },
    ];
    expect(entriesFrom({ ...overridden, overrideReason: { reason: { code: 'c' } }, overrideReasons })).toEqual([
      kept({
        overrideReasons: [{ code: 'c' }, { code: 'a' }, { code: 'b', system: REASONS }, { code: 'b' }],
        hasComment: true,
        comments: ['free'],
      }),
    ]);
  });

  test('in which one cannot be read keeps the others', () => {
    const overrideReasons = [{ code: 'a' }, null, { code: 'Mrs Example' }, { code: 'b' }];
    expect(parseFeedback({ feedback: [{ ...overridden, overrideReasons }] })).toEqual({
      entries: [kept({ overrideReasons: [{ code: 'a' }, { code: 'b' }] })],
      problems: [
        '/feedback/0/overrideReasons/1 must be an object, the reason is left out',
        expect.stringMatching(/^\/feedback\/0\/overrideReasons\/2\/code must be .*, the reason is left out$/),
      ],
    });
  });

  test('has ten reasons at most, under both names together; the others are left out', () => {
    const codes = (count: number) => Array.from({ length: count }, (_, number) => ({ code: `${number}` }));
    const ten = kept({ overrideReasons: [{ code: 'x' }, ...codes(9)] });
    const sent = (count: number) =>
      parseFeedback({ feedback: [{ ...overridden, overrideReason: { code: 'x' }, overrideReasons: codes(count) }] });
    expect(sent(9)).toEqual({ entries: [ten], problems: [] });
    expect(sent(11)).toEqual({
      entries: [ten],
      problems: ['/feedback/0/overrideReasons/9 and the rest are left out, at most 10 reasons of an entry are kept'],
    });
  });
});

describe('outcomeTimestamp is an RFC 3339 instant, kept in UTC (CH-146)', () => {
  test.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22t10:00:00z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00:00.5Z', '2026-11-22T10:00:00.500Z'],
    ['2026-11-22T10:00:00.123999999Z', '2026-11-22T10:00:00.123Z'],
    ['2026-11-22T10:00:00+01:00', '2026-11-22T09:00:00.000Z'],
    ['2026-11-22T22:30:00-05:30', '2026-11-23T04:00:00.000Z'],
    ['2026-11-22T10:00:00-00:00', '2026-11-22T10:00:00.000Z'],
    ['2024-02-29T00:00:00+14:00', '2024-02-28T10:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2017-01-01T08:59:60.5+09:00', '2017-01-01T00:00:00.500Z'],
    // Whose clock is wrong is not for this service to say.
    ['2199-01-01T00:00:00Z', '2199-01-01T00:00:00.000Z'],
  ])('%s', (outcomeTimestamp, utc) => {
    expect(entriesFrom({ ...overridden, outcomeTimestamp })).toEqual([kept({ outcomeTimestamp: utc })]);
  });

  test.each([
    '2026-11-22',
    '2026-11-22T10:00:00',
    '2026-11-22T10:00Z',
    '2026-11-22 10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2026-11-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-01T10:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:00Z',
    '2026-11-22T10:00:60Z',
    '2026-11-22T10:00:61Z',
    '2026-11-22T10:00:00+24:00',
    '2026-11-22T10:00:00+01',
    '2026-11-22T10:00:00.Z',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+12026-11-22T10:00:00Z',
    ' 2026-11-22T10:00:00Z',
    'yesterday',
    1_795_341_600_000,
    {},
  ])('and not %j', (outcomeTimestamp) => {
    expect(problemsOf({ feedback: [{ ...overridden, outcomeTimestamp }] })).toEqual([
      '/feedback/0/outcomeTimestamp must be an RFC 3339 instant with a time zone',
    ]);
  });
});

describe('a body', () => {
  test('of many cards is judged entry by entry: bad ones do not lose the others (CH-147, CH-150)', () => {
    const feedback = [accepted, null, { ...overridden, card: 'x' }, { ...overridden, card: OTHER }, []];
    expect(parseFeedback({ feedback })).toEqual({
      entries: [kept({ outcome: 'accepted', acceptedSuggestions: [SUGGESTION] }), kept({ card: OTHER })],
      problems: ['/feedback/1 must be an object', '/feedback/2/card must be a UUID', '/feedback/4 must be an object'],
    });
  });

  test('names every problem of an entry at once, and nothing of what was sent (CH-138, CH-139)', () => {
    const problems = problemsOf({
      feedback: [{}, { card: 'Mrs Example', outcome: 'dismissed', outcomeTimestamp: 'now' }],
    });
    expect(problems).toEqual([
      '/feedback/0/card is missing',
      '/feedback/0/outcome is missing',
      '/feedback/0/outcomeTimestamp is missing',
      '/feedback/1/card must be a UUID',
      '/feedback/1/outcome must be "accepted" or "overridden"',
      '/feedback/1/outcomeTimestamp must be an RFC 3339 instant with a time zone',
    ]);
  });

  test('may be a bare entry of an old client (M-14)', () => {
    expect(parseFeedback(accepted).entries).toEqual([kept({ outcome: 'accepted', acceptedSuggestions: [SUGGESTION] })]);
    expect(problemsOf({ card: CARD, outcomeTimestamp: WHEN })).toEqual(['/outcome is missing']);
  });

  test('may hold extensions and members that nobody knows (CH-187)', () => {
    const extension = { 'com.example.more': { feedback: 1 } };
    expect(
      parseFeedback({ feedback: [{ ...overridden, extension, patient: 'x' }], extension, card: 'y' }).entries,
    ).toEqual([kept()]);
  });

  test('is not fooled by names that objects have anyway', () => {
    const feedback: unknown = JSON.parse(
      `{"feedback":[{"__proto__":${JSON.stringify(overridden)}},{"constructor":1,"toString":2}]}`,
    );
    expect(problemsOf(feedback)).toHaveLength(6);
  });

  test.each<[string, unknown]>([
    ['The body must be an object', undefined],
    ['The body must be an object', null],
    ['The body must be an object', [accepted]],
    ['The body must be an object', 'feedback'],
    ['/feedback is missing or empty', {}],
    ['/feedback is missing or empty', { feedback: [] }],
    ['/feedback is missing or empty', { feedback: null, card: CARD }],
    ['/feedback must be an array', { feedback: 'x' }],
    [
      '/feedback must not hold more than 200 entries, send the others in further calls',
      { feedback: times(201, accepted) },
    ],
  ])('that holds no entries is refused (CH-137): %s', (problem, body) => {
    expect(problemsOf(body)).toEqual([problem]);
  });

  test('may hold its entry without a list (M-14)', () => {
    expect(parseFeedback({ feedback: accepted })).toEqual(parseFeedback({ feedback: [accepted] }));
    expect(problemsOf({ feedback: { card: CARD, outcomeTimestamp: WHEN } })).toEqual(['/feedback/outcome is missing']);
  });

  test('of two hundred entries is taken', () => {
    expect(parseFeedback({ feedback: times(200, accepted) }).entries).toHaveLength(200);
  });

  test('with very many faults has the first of them named and the others counted', () => {
    const problems = problemsOf({ feedback: times(200, {}) });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe('There are 580 more problems');
  });
});

const anyUrn = fc.stringMatching(/^urn:(oid|uuid|x):[0-2a-f.-]{0,40}$/);
const anyEntry = fc.record(
  {
    card: fc.oneof(fc.uuid(), fc.jsonValue()),
    outcome: fc.oneof(fc.constantFrom('accepted', 'overridden'), fc.jsonValue()),
    acceptedSuggestions: fc.oneof(
      fc.array(fc.oneof(fc.uuid(), fc.record({ id: fc.oneof(fc.uuid(), fc.jsonValue()) }))),
      fc.jsonValue(),
    ),
    outcomeTimestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
      fc.jsonValue(),
    ),
    overrideReason: fc.oneof(
      fc.record(
        {
          reason: fc.oneof(
            fc.record({
              code: fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w.:-]{1,70}$/)),
              system: fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), anyUrn, fc.string()),
            }),
            fc.jsonValue(),
          ),
          userComment: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
      fc.jsonValue(),
    ),
    overrideReasons: fc.oneof(fc.array(fc.record({ code: fc.string({ unit: 'binary' }) })), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const anyBody = fc.oneof(
  fc.record({ feedback: fc.oneof(fc.array(fc.oneof(anyEntry, fc.jsonValue())), fc.jsonValue()) }),
  anyEntry,
  fc.jsonValue(),
);

/** All that an entry can hold, by the pattern of each value. */
const ALLOWED = {
  card: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  outcome: /^(accepted|overridden)$/,
  outcomeTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  code: /^[A-Za-z0-9._:-]{1,64}$/,
  system:
    /^(https?:\/\/[^/?#@\s]+|http:\/\/terminology\.hl7\.org\/CodeSystem\/[A-Za-z0-9.-]+|urn:oid:[0-9.]+|urn:uuid:[0-9a-f-]{36}|urn:none)$/,
  comment: /^(?:[\t\n]|[^\p{Cc}\p{Cs}])+$/u,
  problem: /^(The body|There are \d+|(\/[A-Za-z0-9]+)+) [A-Za-z0-9 ",/]+$/,
};

test('whatever JSON is sent, it is read or refused, and nothing but the allowed comes out of it', () => {
  const outcomeOf = (body: unknown): ParsedFeedback => {
    const problems = problemsOf(body);
    return problems[0] === 'nothing' ? parseFeedback(body) : { entries: [], problems };
  };
  fc.assert(
    fc.property(anyBody, (body) => {
      const { entries, problems } = outcomeOf(body);
      for (const entry of entries) {
        expect(Object.keys(entry).toSorted()).toEqual(Object.keys(kept()).toSorted());
        expect(entry.card).toMatch(ALLOWED.card);
        expect(entry.outcome).toMatch(ALLOWED.outcome);
        expect(entry.outcomeTimestamp).toMatch(ALLOWED.outcomeTimestamp);
        for (const suggestion of entry.acceptedSuggestions) expect(suggestion).toMatch(ALLOWED.card);
        expect(entry.comments.length).toBeLessThanOrEqual(entry.hasComment ? 10 : 0);
        for (const comment of entry.comments) {
          expect(comment.length).toBeLessThanOrEqual(2000);
          expect(comment).toMatch(ALLOWED.comment);
        }
        for (const { code, system = 'urn:none' } of entry.overrideReasons) {
          expect(code).toMatch(ALLOWED.code);
          expect(system).toMatch(ALLOWED.system);
        }
      }
      for (const problem of problems) expect(problem).toMatch(ALLOWED.problem);
    }),
    { numRuns: 1000 },
  );
});

test('a body as large as they may be is read without a list of all that is wrong with it', () => {
  expect(problemsOf({ feedback: times(1_000_000, 0) })).toHaveLength(1);
  expect(problemsOf({ feedback: [{ ...accepted, acceptedSuggestions: times(1_000_000, 0) }] })).toHaveLength(21);
  const { problems } = parseFeedback({ feedback: [{ ...overridden, overrideReasons: times(1_000_000, 0) }] });
  expect(problems).toHaveLength(11);
  const code = `${' '.repeat(1_000_000)}x`;
  expect(entriesFrom({ ...overridden, overrideReason: { reason: { code } } })).toEqual([
    kept({ overrideReasons: [{ code: 'x' }] }),
  ]);
});
