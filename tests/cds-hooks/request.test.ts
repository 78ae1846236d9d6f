import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ServiceError } from '../../src/cds-hooks/errors.ts';
import { parseHookRequest } from '../../src/cds-hooks/request.ts';
import type { HookRequest, ServiceDefinition } from '../../src/cds-hooks/types.ts';
import { fullRequest, services, withMember } from './examples.ts';

const hooks = Object.keys(services) as readonly (keyof typeof services)[];

function parse(body: unknown, hook: ServiceDefinition['hook'] = 'patient-view'): HookRequest {
  return parseHookRequest(body, services[hook]);
}

/** What becomes of a body; anything thrown but a ServiceError goes through. */
function outcome(body: unknown, hook: ServiceDefinition['hook']): HookRequest | ServiceError {
  try {
    return parse(body, hook);
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

function refusal(body: unknown, hook: ServiceDefinition['hook'] = 'patient-view'): ServiceError {
  const result = outcome(body, hook);
  if (result instanceof ServiceError) return result;
  throw new Error('it was taken');
}

describe('a valid call', () => {
  // CH-28, CH-32, CH-34.
  test.each(hooks)('of %s comes through unchanged', (hook) => {
    expect(parse(fullRequest(hook), hook)).toEqual(fullRequest(hook));
  });

  test.each(hooks)('of %s needs no more than the required members', (hook) => {
    const { hook: name, hookInstance, context } = fullRequest(hook);
    const isOptional = !['encounter-start', 'encounter-discharge'].includes(hook);
    const bare = {
      hook: name,
      hookInstance,
      context: isOptional ? withMember(context as never, 'encounterId', undefined) : context,
    };
    expect(parse(bare, hook)).toEqual(bare);
  });

  test('may come with a FHIR server and no authorization (CH-30)', () => {
    const open = withMember(fullRequest('patient-view'), 'fhirAuthorization', undefined);
    expect(parse(open)).toEqual(open);
  });

  // CH-35.
  test('loses what the specification does not name, at any depth (CH-33, CH-187)', () => {
    const request = fullRequest('order-sign');
    const extended = {
      ...request,
      extension: { 'org.example.x': 1 },
      user: 'pre-1.0',
      context: { ...(request['context'] as object), extension: {}, more: null },
    };
    expect(parse(extended, 'order-sign')).toEqual(request);
  });

  test('keeps every prefetch value as it was sent', () => {
    const prefetch = { patient: null, conditions: { resourceType: 'Bundle' }, unknown: [1, 'x', {}] };
    expect(parse(withMember(fullRequest('patient-view'), 'prefetch', prefetch)).prefetch).toEqual(prefetch);
  });

  test.each([
    ['context.userId', 'jdoe'],
    ['context.patientId', '12742400'],
    ['context.patientId', 'eq081-VQEgP8drUUqCWzHfw3'],
    ['context.patientId', 'a.b'],
    ['fhirServer', 'http://127.0.0.1:8097/v/r4/fhir'],
    ['fhirServer', 'HTTPS://fhir.example.org'],
    ['fhirAuthorization.access_token', '!'],
    ['fhirAuthorization.access_token', 'eyJhbGciOiJub25lIn0.e30.~+/-_=='],
    ['fhirAuthorization.access_token', 'a|b;c:{"d"}~'],
    ['prefetch', {}],
  ])('may have %s %j', (path, value) => {
    const request = withMember(
      withMember(fullRequest('patient-view'), 'fhirAuthorization.patient', undefined),
      path,
      value,
    );
    expect(parse(request)).toEqual(request);
  });

  test.each([
    ['appointment-book', 'appointments'],
    ['problem-list-item-create', 'conditions'],
  ] as const)('of %s may have a Bundle without type or entries, or with entries of any kind', (hook, member) => {
    for (const bundle of [{}, { type: 'collection' }, { entry: [] }, { entry: [null, 1, {}, { resource: [] }] }]) {
      const request = withMember(fullRequest(hook), `context.${member}`, { resourceType: 'Bundle', ...bundle });
      expect(parse(request, hook)).toMatchObject({ context: { [member]: { resourceType: 'Bundle' } } });
    }
  });

  test.each([
    ['fulfillmentTasks', [{ resourceType: 'Task' }]],
    ['fulfillmentTasks', 'Task/1'],
    ['fulfillment-tasks', [{ resourceType: 'Task' }]],
    ['task', { resourceType: 'Task' }],
    ['userId', 5],
    ['encounterId', {}],
  ])('of order-dispatch may have %s: %j, which is not looked at', (name, value) => {
    const request = fullRequest('order-dispatch');
    expect(parse(withMember(request, `context.${name}`, value), 'order-dispatch')).toEqual(request);
  });

  test.each([undefined, null, []])('of order-dispatch may have one `order`, as in version 1.0, and %j', (current) => {
    const request = fullRequest('order-dispatch');
    const former = withMember(
      withMember(request, 'context.dispatchedOrders', current),
      'context.order',
      'ServiceRequest/a',
    );
    expect(parse(former, 'order-dispatch')).toEqual(request);
  });

  test('of order-dispatch: `order` says nothing beside dispatchedOrders', () => {
    const request = fullRequest('order-dispatch');
    expect(parse(withMember(request, 'context.order', 'ServiceRequest/b'), 'order-dispatch')).toEqual(request);
  });

  test.each(['ServiceRequest/a', 'a'])('may select %s (M-18)', (selection) => {
    const request = withMember(fullRequest('order-select'), 'context.selections', [selection]);
    expect(parse(request, 'order-select')).toEqual(request);
  });
});

describe('an optional member that is empty counts as absent (CH-25)', () => {
  const optional = [
    'fhirServer',
    'fhirAuthorization',
    'fhirAuthorization.expires_in',
    'fhirAuthorization.scope',
    'fhirAuthorization.subject',
    'fhirAuthorization.patient',
    'context.encounterId',
    'context.selections',
    'context.draftOrders.entry',
    'prefetch',
  ];
  const rows = optional.flatMap((path) => [null, '', [], undefined].map((empty) => [path, empty] as const));

  test.each(rows)('%s: %j', (path, empty) => {
    const request = fullRequest('order-select');
    const base = path === 'fhirServer' ? withMember(request, 'fhirAuthorization', undefined) : request;
    expect(parse(withMember(base, path, empty), 'order-select')).toEqual(withMember(base, path, undefined));
  });
});

// CH-28, CH-39, CH-75 to CH-77.
describe('a wrong member is named by its place', () => {
  const wrong: readonly (readonly [ServiceDefinition['hook'], string, readonly unknown[]])[] = [
    ['patient-view', 'hook', [null, '', 1, [], {}, undefined]],
    [
      'patient-view',
      'hookInstance',
      [null, '', 1, [], {}, undefined, 'x', '3f2504e0-4f89-41d3-9a0c-0305e82c330', '{3f2504e0}'],
    ],
    [
      'patient-view',
      'fhirServer',
      [
        1,
        {},
        true,
        'fhir.example.org',
        '/fhir',
        'ftp://x',
        'http://',
        ' http://x',
        'http://a\nb',
        'file:///etc/passwd',
        'javascript:1',
      ],
    ],
    ['patient-view', 'fhirAuthorization', [1, 'x', true, [1]]],
    [
      'patient-view',
      'fhirAuthorization.access_token',
      [
        null,
        '',
        1,
        {},
        undefined,
        'bad token',
        ' token',
        'token\n',
        'bad\ntoken',
        'x\r\nHost: y',
        'x\ty',
        '\0',
        '\x7F',
      ],
    ],
    ['patient-view', 'fhirAuthorization.access_token', ['tökén', '\u00A0', 'x\u2028y', '\uD800', '\u{1F512}']],
    ['patient-view', 'fhirAuthorization.token_type', [null, 'bearer', 'Basic', 1, undefined]],
    ['patient-view', 'fhirAuthorization.expires_in', ['300', 1.5, {}]],
    ['patient-view', 'fhirAuthorization.scope', [1, ['a'], {}]],
    ['patient-view', 'fhirAuthorization.patient', ['pat-2', 1, {}, 'PAT-1']],
    ['patient-view', 'context', [null, '', 1, 'x', [], [1], undefined]],
    ['patient-view', 'context.userId', [null, '', 1, {}, [], undefined]],
    [
      'patient-view',
      'context.patientId',
      [
        null,
        '',
        1,
        {},
        undefined,
        '../../admin',
        '..',
        '.',
        'a/b',
        'a?b',
        'a%2Fb',
        'a b',
        'a\n',
        'ä',
        'a'.repeat(65),
        'Patient/1',
      ],
    ],
    ['patient-view', 'context.encounterId', [1, {}, ['a'], '../x', '..']],
    ['patient-view', 'prefetch', [1, 'x', true, [1]]],
    [
      'order-select',
      'context.userId',
      ['jdoe', 'Practitioner/', '/1', 'Practitioner/..', 'https://x/Practitioner/1', null, undefined],
    ],
    ['order-select', 'context.selections', [1, 'x', {}, [1], [null], ['a', {}]]],
    ['order-select', 'context.draftOrders', [null, '', 1, 'x', [], undefined]],
    ['order-sign', 'context.draftOrders.resourceType', [null, 'bundle', 'Patient', 1, undefined]],
    ['order-sign', 'context.draftOrders.entry', [1, 'x', {}]],
    ...(['encounter-start', 'encounter-discharge'] as const).flatMap((hook) => [
      [hook, 'context.userId', ['jdoe', '', null, 1, undefined]] as const,
      [hook, 'context.patientId', ['', null, 'Patient/1', '..', undefined]] as const,
      [hook, 'context.encounterId', [null, '', 1, {}, [], 'Encounter/1', '..', undefined]] as const,
    ]),
    ...(
      [
        ['appointment-book', 'appointments'],
        ['problem-list-item-create', 'conditions'],
      ] as const
    ).flatMap(([hook, member]) => [
      [hook, 'context.userId', ['jdoe', '', null, undefined]] as const,
      [hook, 'context.encounterId', [1, {}, ['a'], 'Encounter/1']] as const,
      [hook, `context.${member}`, [null, '', 1, 'x', [], [{}], undefined]] as const,
      [hook, `context.${member}.resourceType`, [null, 'bundle', 'List', 1, undefined]] as const,
      [hook, `context.${member}.entry`, [1, 'x', {}]] as const,
    ]),
    ['order-dispatch', 'context.patientId', [null, '', 1, 'Patient/1', undefined]],
    ['order-dispatch', 'context.dispatchedOrders', [null, '', 1, 'ServiceRequest/a', {}, [1], [null], undefined]],
    ['order-dispatch', 'context.performer', [null, '', 1, {}, ['Organization/1'], 'lab', 'Organization/..', undefined]],
  ];
  const rows = wrong.flatMap(([hook, path, values]) => values.map((value) => [hook, path, value] as const));

  test.each(rows)('%s: %s %j', (hook, path, value) => {
    const error = refusal(withMember(fullRequest(hook), path, value), hook);
    expect({ code: error.code, status: error.status }).toEqual({ code: 'request-invalid', status: 400 });
    expect(error.details).toEqual(
      expect.arrayContaining([expect.stringMatching(`^/${path.replaceAll('.', '/')} \\S`)]),
    );
  });
});

describe('a body that is no request', () => {
  test.each([undefined, null, [], [fullRequest('patient-view')], 'x', '', 1, true])('%j', (body) => {
    expect(refusal(body)).toMatchObject({ code: 'request-invalid', details: ['The body must be object'] });
  });

  test('an empty object lacks three members', () => {
    expect(refusal({}).details).toEqual(['/hook is missing', '/hookInstance is missing', '/context is missing']);
  });

  test('members of __proto__ are not members', () => {
    const body: unknown = JSON.parse(`{"__proto__": ${JSON.stringify(fullRequest('patient-view'))}}`);
    expect(refusal(body).details).toHaveLength(3);
  });
});

test('an `order` of version 1.0 that is no reference is a wrong order', () => {
  const former = withMember(
    withMember(fullRequest('order-dispatch'), 'context.dispatchedOrders', undefined),
    'context.order',
    { reference: 'ServiceRequest/a' },
  );
  expect(refusal(former, 'order-dispatch').details).toEqual(['/context/dispatchedOrders must hold strings only']);
});

test('every problem is named at once', () => {
  const request = {
    hook: 'order-select',
    hookInstance: 'x',
    fhirAuthorization: { token_type: 'bearer', patient: 'p2' },
    context: { userId: '', patientId: '../p', selections: [1], draftOrders: { resourceType: 'List', entry: {} } },
    prefetch: 'x',
  };
  const places = refusal(request, 'order-select').details.map((problem) => problem.split(' ')[0]);
  expect(new Set(places)).toEqual(
    new Set([
      '/context/draftOrders/entry',
      '/context/draftOrders/resourceType',
      '/context/patientId',
      '/context/selections',
      '/context/userId',
      '/fhirAuthorization/access_token',
      '/fhirAuthorization/patient',
      '/fhirAuthorization/token_type',
      '/fhirServer',
      '/hookInstance',
      '/prefetch',
    ]),
  );
});

test('authorization without a server is refused (CH-30)', () => {
  expect(refusal(withMember(fullRequest('patient-view'), 'fhirServer', undefined)).details).toEqual([
    '/fhirServer is missing, and required with fhirAuthorization',
  ]);
});

test('a token that no header can hold is named by its place, and not repeated', () => {
  const { details } = refusal(withMember(fullRequest('patient-view'), 'fhirAuthorization.access_token', 'bad\ntoken'));
  expect(details).toEqual(['/fhirAuthorization/access_token must match pattern "^[\\x21-\\x7E]+$"']);
});

test('a token for another patient is refused (CH-80)', () => {
  expect(refusal(withMember(fullRequest('patient-view'), 'fhirAuthorization.patient', 'pat-2')).details).toEqual([
    '/fhirAuthorization/patient must be the same as /context/patientId',
  ]);
});

test.each(hooks.flatMap((hook) => hooks.filter((other) => other !== hook).map((other) => [other, hook] as const)))(
  'a call of %s is a mismatch for the service of %s (CH-27)',
  (other, hook) => {
    expect(refusal(fullRequest(other), hook)).toMatchObject({
      code: 'hook-mismatch',
      details: [`/hook must be "${hook}": the service example-${hook} is for that hook`],
    });
  },
);

test("another hook's call is a mismatch, and nothing else is said of it (CH-27)", () => {
  expect(refusal({ ...fullRequest('order-sign'), context: 1 })).toMatchObject({
    code: 'hook-mismatch',
    status: 400,
    details: ['/hook must be "patient-view": the service example-patient-view is for that hook'],
  });
});

test('a list of a million wrong selections is one problem', () => {
  const request = withMember(
    fullRequest('order-select'),
    'context.selections',
    Array.from({ length: 1_000_000 }, () => 1),
  );
  expect(refusal(request, 'order-select').details).toEqual(['/context/selections must hold strings only']);
});

describe('whatever JSON is sent', () => {
  const marker = 'MRN-4711';
  const hostile = fc.oneof(fc.jsonValue(), fc.constantFrom(marker, `${marker}\n`, [marker], { [marker]: marker }));
  const paths = [
    'hook',
    'hookInstance',
    'fhirServer',
    'fhirAuthorization',
    'fhirAuthorization.patient',
    'context',
    'prefetch',
  ];
  const near = fc
    .tuple(fc.constantFrom(...hooks), fc.constantFrom(...paths, 'context.patientId', 'context.userId'), hostile)
    .map(([hook, path, value]) => withMember(fullRequest(hook), path, value));

  test('it is a request or a ServiceError, and never another throw', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hooks), fc.oneof(fc.jsonValue(), near), (hook, body) => {
        const result = outcome(body, hook);
        expect(result instanceof ServiceError ? result.status : result.hook).toBe(
          result instanceof ServiceError ? 400 : hook,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('no value is quoted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...hooks), near, (hook, body) => {
        const result = outcome(body, hook);
        const said = result instanceof ServiceError ? [result.message, ...result.details] : [];
        expect(said.join()).not.toContain(marker);
      }),
      { numRuns: 500 },
    );
  });
});
