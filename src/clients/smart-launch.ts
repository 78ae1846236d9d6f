import { serverKey } from '../fhir/server-base.ts';
import type { Located } from '../guideline/source-file.ts';
import { isPolicyOrigin, originFault } from './origin.ts';
import type { Problem } from './problem.ts';

/** A client as far as its EHR launches the SMART app. */
export interface SmartLaunch {
  readonly smartClientId?: string;
  readonly smartAuthorizationServers?: readonly string[];
  readonly smartFrameAncestors?: readonly string[];
  readonly fhirServers?: readonly string[];
}

/** As far as it is to be told from others that launch the app at the same FHIR server. */
export interface LaunchSite extends SmartLaunch {
  readonly name: string;
  readonly overlay?: string;
}

const LISTS = ['smartAuthorizationServers', 'smartFrameAncestors'] as const;
/** RFC 6749, A.1. */
const CLIENT_ID = /^[\x20-\x7e]+$/;

/** A launch that could not come, or that would let somebody else's page frame the app or be talked to by it. */
export function smartLaunchProblems(client: SmartLaunch, isProduction: boolean, problem: Problem): readonly string[] {
  const { smartClientId, fhirServers = [] } = client;
  const origins = LISTS.flatMap((member) =>
    (client[member] ?? []).flatMap((origin, index) => {
      const fault = originFault(origin, isProduction);
      return fault === undefined ? [] : [problem([member, index], fault)];
    }),
  );
  if (smartClientId === undefined) {
    const idle = LISTS.filter((member) => client[member] !== undefined);
    return [...origins, ...idle.map((member) => problem([member], 'needs smartClientId: nothing launches the app'))];
  }
  return [
    ...(CLIENT_ID.test(smartClientId) && smartClientId.trim() === smartClientId
      ? []
      : [problem(['smartClientId'], 'must be printable ASCII without a blank at either end, as OAuth 2 has it')]),
    ...(fhirServers.length === 0
      ? [problem(['smartClientId'], 'needs fhirServers: the app is launched by the EHR of one of them')]
      : []),
    ...fhirServers.flatMap((url, index) =>
      // One that is no URL at all is named where FHIR servers are looked at.
      !URL.canParse(url) || isPolicyOrigin(new URL(url).origin)
        ? []
        : [problem(['fhirServers', index], 'has a host that the policy of the SMART app’s pages cannot name')],
    ),
    ...origins,
  ];
}

/** Which client a launch means is said by its FHIR server alone. Those that share one have to agree on all that hangs on it. */
export function smartSiteProblems(
  clients: readonly LaunchSite[],
  { problem }: Pick<Located<unknown>, 'problem'>,
): readonly string[] {
  const first = new Map<string, LaunchSite>();
  return clients.flatMap((client, at) => {
    const { smartClientId, fhirServers = [], overlay } = client;
    if (smartClientId === undefined) return [];
    const earlier = new Set<LaunchSite>();
    for (const url of fhirServers) {
      const key = serverKey(url) ?? url;
      const other = first.get(key);
      if (other === undefined) first.set(key, client);
      else if (other !== client) earlier.add(other);
    }
    return [...earlier].flatMap((other) => [
      ...(other.smartClientId === smartClientId
        ? []
        : [problem(['clients', at, 'smartClientId'], differs(other, 'as which of the two the app is launched'))]),
      ...(other.overlay === overlay
        ? []
        : [
            problem(
              ['clients', at, overlay === undefined ? 'smartClientId' : 'overlay'],
              differs(other, 'whose cards the app is to show', 'overlay'),
            ),
          ]),
    ]);
  });
}

function differs({ name }: LaunchSite, unsaid: string, what = 'smartClientId'): string {
  return `goes with another ${what} than that of ${JSON.stringify(name)}, which has the same FHIR server: it could not be said ${unsaid}`;
}
