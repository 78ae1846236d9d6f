import { readPublicKey } from '../cds-hooks/authentication/public-key.ts';
import { isSandboxAddress, isSandboxKey } from '../cds-hooks/authentication/public-sandbox.ts';
import type { JsonObject } from '../cds-hooks/json.ts';
import type { ProfileId } from '../cds-hooks/profile.ts';
import { isPlainHttpUrl } from '../fhir/server-base.ts';
import type { Problem } from './problem.ts';
import { isNew } from './uniqueness.ts';

/** A client as far as its JWTs are verified by it. */
export interface RegisteredKeys {
  readonly iss: string;
  readonly jwksUrl?: string;
  readonly jwks?: { readonly keys: readonly (JsonObject & { readonly kid: string })[] };
  readonly algorithms: readonly string[];
  readonly profile: ProfileId;
}

/**
 * Whatever would let somebody else in, or nobody (CH-159, CH-161, CH-170, CH-174). The public Sandbox, whose private key is
 * public, is taken with the profile `sandbox` alone, which is refused in production (M-11).
 */
export function keyProblems(client: RegisteredKeys, isProduction: boolean, problem: Problem): readonly string[] {
  const { jwksUrl, jwks } = client;
  return [
    ...((jwksUrl === undefined) === (jwks === undefined)
      ? [problem([], 'must have either jwksUrl or jwks: its JWTs could not be verified')]
      : []),
    ...addressProblems(client, isProduction, problem),
    ...inlineProblems(client, problem),
  ];
}

const SANDBOX = 'the public Sandbox, whose private key is public: only with profile sandbox, and not in production';

function addressProblems(
  { iss, jwksUrl, profile }: RegisteredKeys,
  isProduction: boolean,
  problem: Problem,
): readonly string[] {
  const problems: string[] = [];
  if (jwksUrl !== undefined && !isKeySetUrl(jwksUrl))
    problems.push(problem(['jwksUrl'], 'must be an absolute http or https URL'));
  if (jwksUrl !== undefined && isProduction && URL.parse(jwksUrl)?.protocol !== 'https:')
    problems.push(problem(['jwksUrl'], 'must be https in production'));
  for (const [member, url] of Object.entries({ iss, jwksUrl })) {
    if (profile !== 'sandbox' && url !== undefined && isSandboxAddress(url))
      problems.push(problem([member], `is ${SANDBOX}`));
  }
  return problems;
}

/** As a base URL, but for the query that it may have. */
function isKeySetUrl(url: string): boolean {
  const [address = ''] = url.split('?', 1);
  return isPlainHttpUrl(address) && !/[\s#\\]/.test(url);
}

function inlineProblems({ jwks, algorithms, profile }: RegisteredKeys, problem: Problem): readonly string[] {
  const kids = new Set<string>();
  return (jwks?.keys ?? []).flatMap((jwk, index) => {
    const place = ['jwks', 'keys', index];
    const problems = isNew(kids, jwk.kid) ? [] : [problem([...place, 'kid'], 'is the kid of another key too')];
    const read = readPublicKey(jwk, algorithms);
    if ('fault' in read)
      problems.push(problem(read.member === undefined ? place : [...place, read.member], read.fault));
    else if (profile !== 'sandbox' && isSandboxKey(read.key)) problems.push(problem(place, `is the key of ${SANDBOX}`));
    return problems;
  });
}
