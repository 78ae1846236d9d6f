import { describe, expect, test } from '@jest/globals';
import {
  type LaunchSite,
  type SmartLaunch,
  smartLaunchProblems,
  smartSiteProblems,
} from '../../src/clients/smart-launch.ts';
import { problem } from './problem.ts';

const ONE: SmartLaunch = { smartClientId: 'abc', fhirServers: ['https://fhir.example.org/r4'] };

function of(changes: SmartLaunch, isProduction = false): readonly string[] {
  return smartLaunchProblems({ ...ONE, ...changes }, isProduction, problem);
}

describe('a client that launches the SMART app', () => {
  test('says as which OAuth 2 client, who gives tokens, and whose pages frame it', () => {
    expect(
      of(
        {
          smartAuthorizationServers: ['https://login.example.org'],
          smartFrameAncestors: ['https://ehr.example.org', 'https://ehr.example.org:8443'],
        },
        true,
      ),
    ).toEqual([]);
  });

  test.each(['an id', '0oa1-b_c.d~e', 'urn:x:y', '"'])(
    'is known by any id that OAuth 2 allows: %j',
    (smartClientId) => {
      expect(of({ smartClientId })).toEqual([]);
    },
  );

  test.each([' abc', 'abc ', ' ', 'a\nb', 'a\u0000b', 'ünique', '\u202eabc'])('is not known by %j', (smartClientId) => {
    expect(of({ smartClientId })).toEqual([
      '/smartClientId must be printable ASCII without a blank at either end, as OAuth 2 has it',
    ]);
  });

  test('is launched by one of its FHIR servers, so that it needs one', () => {
    expect(of({ fhirServers: [] })).toEqual([
      '/smartClientId needs fhirServers: the app is launched by the EHR of one of them',
    ]);
  });

  test('has FHIR servers that the policy of the pages can name, and no more than them', () => {
    const fhirServers = ['https://a.example;script-src/r4', 'https://fhir.example.org/r4', 'https://*/r4', 'no URL'];
    expect(of({ fhirServers })).toEqual([
      '/fhirServers/0 has a host that the policy of the SMART app’s pages cannot name',
      '/fhirServers/2 has a host that the policy of the SMART app’s pages cannot name',
    ]);
  });

  test('has every origin named that is none', () => {
    const problems = of(
      {
        smartAuthorizationServers: ['https://login.example.org', 'https://login.example.org/token'],
        smartFrameAncestors: ['*', 'http://ehr.example.org'],
      },
      true,
    );
    expect(problems.map((text) => text.split(' ', 4).join(' '))).toEqual([
      '/smartAuthorizationServers/1 must be an',
      '/smartFrameAncestors/0 must be an',
      '/smartFrameAncestors/1 must be https',
    ]);
  });
});

describe('a client that does not launch it', () => {
  test('says nothing of it', () => {
    expect(smartLaunchProblems({ fhirServers: ['https://a.example;b/r4'] }, true, problem)).toEqual([]);
  });

  test.each(['smartAuthorizationServers', 'smartFrameAncestors'])(
    'does not set %s, which would be ignored',
    (member) => {
      expect(smartLaunchProblems({ [member]: ['https://login.example.org'] }, true, problem)).toEqual([
        `/${member} needs smartClientId: nothing launches the app`,
      ]);
    },
  );
});

describe('clients with one FHIR server', () => {
  const client = (name: string, changes: Partial<LaunchSite> = {}): LaunchSite => ({ ...ONE, name, ...changes });
  const problemsOf = (...clients: readonly LaunchSite[]) => smartSiteProblems(clients, { problem });

  test('may all launch the app as the same client, with the same cards', () => {
    expect(
      problemsOf(client('North', { overlay: 'ours' }), client('South', { overlay: 'ours' }), {
        ...client('West', { overlay: 'theirs' }),
        fhirServers: ['https://fhir.example.org/west'],
      }),
    ).toEqual([]);
  });

  test('are one problem each if they launch it as different ones, however the address is written', () => {
    const fhirServers = ['https://other.example.org', 'https://FHIR.example.org:443/r4/'];
    expect(problemsOf(client('North'), client('South', { smartClientId: 'xyz', fhirServers }))).toEqual([
      '/clients/1/smartClientId goes with another smartClientId than that of "North", which has the same FHIR server: it could not be said as which of the two the app is launched',
    ]);
  });

  test.each([
    [undefined, 'ours', 'overlay'],
    ['ours', undefined, 'smartClientId'],
    ['ours', 'theirs', 'overlay'],
  ])('cannot have the app show the cards of %p and of %p', (first, second, member) => {
    const withOverlay = (overlay: string | undefined) => (overlay === undefined ? {} : { overlay });
    expect(problemsOf(client('North', withOverlay(first)), client('South', withOverlay(second)))).toEqual([
      `/clients/1/${member} goes with another overlay than that of "North", which has the same FHIR server: it could not be said whose cards the app is to show`,
    ]);
  });

  test('do not matter to it if only one of them launches it', () => {
    const { smartClientId: _id, ...silent } = client('South', { overlay: 'ours' });
    expect(problemsOf(silent, client('North'), silent)).toEqual([]);
  });

  test('that one client names twice are no matter of two', () => {
    expect(problemsOf(client('North', { fhirServers: ['https://a.example/', 'https://a.example'] }))).toEqual([]);
  });
});
