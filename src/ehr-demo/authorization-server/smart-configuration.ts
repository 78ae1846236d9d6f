import { SUPPORTED_SCOPES } from './granted-scopes.ts';

export interface Endpoints {
  readonly authorize: string;
  readonly token: string;
  readonly jwks: string;
}

/** Below the issuer. */
export const ROUTES = { authorization: '/authorize', token: '/token', jwks: '/jwks' } as const;

export function endpointsOf(issuer: string): Endpoints {
  return {
    authorize: `${issuer}${ROUTES.authorization}`,
    token: `${issuer}${ROUTES.token}`,
    jwks: `${issuer}${ROUTES.jwks}`,
  };
}

/** What `[base]/.well-known/smart-configuration` answers (SMART App Launch 2.2, "Conformance"): no more than what works. */
export function smartConfiguration(issuer: string): object {
  const { authorize, token, jwks } = endpointsOf(issuer);
  return {
    issuer,
    jwks_uri: jwks,
    authorization_endpoint: authorize,
    token_endpoint: token,
    token_endpoint_auth_methods_supported: ['none'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    response_types_supported: ['code'],
    scopes_supported: SUPPORTED_SCOPES,
    code_challenge_methods_supported: ['S256'],
    capabilities: [
      'launch-ehr',
      'launch-standalone',
      'authorize-post',
      'client-public',
      'sso-openid-connect',
      'context-banner',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'permission-online',
      'permission-patient',
      'permission-v1',
      'permission-v2',
    ],
  };
}
