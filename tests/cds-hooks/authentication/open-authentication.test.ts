import { expect, test } from '@jest/globals';
import { createClientAuthentication } from '../../../src/cds-hooks/authentication/client-authentication.ts';
import { openToStrangers } from '../../../src/cds-hooks/authentication/open-authentication.ts';
import { bearer, encoded, goodClaims, goodHeader, makeKey, signed } from '../../support/jwt.ts';
import { registeredClient } from '../../support/registered-client.ts';

const ISS = 'https://ehr.example.org/known';
const URL = 'https://cds.example/cds-services/asps-patient-view';
const key = makeKey('ES384', 'known');
const stranger = makeKey('ES384', 'known');
const clients = [registeredClient({ name: 'Known', iss: ISS, keys: { jwks: { keys: [key.jwk] } } })];
const open = openToStrangers(createClientAuthentication(clients), clients);

async function stateOf(authorization: string | undefined): Promise<string> {
  const judged = await open.authenticate(authorization, [URL]);
  return judged.state === 'authenticated' ? judged.client.name : judged.state;
}

test('who proves to be a client is that client', async () => {
  expect(await stateOf(bearer(key, ISS, URL))).toBe('Known');
});

test.each([
  ['with another key', () => bearer(stranger, ISS, URL)],
  ['for another address', () => bearer(key, ISS, `${URL}/feedback`)],
  [
    'with a token that was used before',
    async () => {
      const token = bearer(key, ISS, URL);
      await open.authenticate(token, [URL]);
      return token;
    },
  ],
  [
    'without a signature',
    () => `Bearer ${signed(goodHeader(key), goodClaims(ISS, URL, new Date()), key).replace(/[^.]*$/, '')}`,
  ],
  ['in any case of the scheme', () => bearer(stranger, ISS, URL).replace('Bearer', 'bearer')],
])('who says to be a client %s is refused', async (_how, authorization) => {
  expect(await stateOf(await authorization())).toBe('refused');
});

test.each([
  ['nothing', undefined],
  ['no token', 'Bearer '],
  ['a token that is no JWT', 'Bearer secret'],
  ['a password', 'Basic dXNlcjpwYXNz'],
  ['a JWT of somebody else', bearer(stranger, 'https://sandbox.cds-hooks.org', URL)],
  ['a JWT whose claims are no object', `Bearer ${encoded(goodHeader(key))}.${encoded('[]')}.${encoded('x')}`],
])('who sends %s is let on as a stranger', async (_what, authorization) => {
  expect(await stateOf(authorization)).toBe('stranger');
});
