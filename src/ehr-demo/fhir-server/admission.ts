import type { FhirRepository } from '@medplum/fhir-router';
import type { Request, RequestHandler } from 'express';
import type { JudgeToken } from '../authorization-server/access.ts';
import { bearerTokenOf, sameAs, sendUnauthorized } from './bearer-token.ts';
import type { FhirAccess } from './fhir-access.ts';
import { GuardedRepository } from './guarded-repository.ts';
import { refusal } from './outcomes.ts';
import { patientViews } from './patient-views.ts';
import type { ResourceRepository } from './repository.ts';
import { sendRefusal } from './send-fhir.ts';

/** Who comes in, and what is there for them. */
export interface Admission {
  /** Sends away whoever may do nothing here. */
  readonly admit: RequestHandler;
  /** The records as far as a request that was admitted may see and change them. */
  readonly repositoryFor: (request: Request) => FhirRepository;
}

export function admission(access: FhirAccess, repository: ResourceRepository): Admission {
  if (access.kind === 'smart') return byScopes(access.judge, repository);
  const repositoryFor = () => repository;
  if (access.kind === 'readers') return { admit: readersOnly, repositoryFor };
  if (access.kind === 'static-token') return { admit: onlyWith(access.token), repositoryFor };
  return { admit: (_request, _response, next) => next(), repositoryFor };
}

function byScopes(judge: JudgeToken, repository: ResourceRepository): Admission {
  const viewOf = patientViews(repository);
  const admitted = new WeakMap<Request, FhirRepository>();
  return {
    admit: async (request, response, next) => {
      const given = bearerTokenOf(request);
      const granted = given === undefined ? undefined : await judge(given);
      if (granted === undefined) {
        sendUnauthorized(response, given);
        return;
      }
      admitted.set(request, new GuardedRepository(repository, viewOf, granted));
      next();
    },
    repositoryFor: (request) => {
      const guarded = admitted.get(request);
      // Never the whole by mistake.
      if (guarded === undefined) throw new Error('a request that was not admitted asks for records');
      return guarded;
    },
  };
}

function onlyWith(token: string): RequestHandler {
  const isRight = sameAs(token);
  return (request, response, next) => {
    const given = bearerTokenOf(request);
    if (given !== undefined && isRight(given)) next();
    else sendUnauthorized(response, given);
  };
}

const readersOnly: RequestHandler = (request, response, next) => {
  const { method, path } = request;
  if (method === 'GET' || method === 'HEAD' || (method === 'POST' && /^\/[^/]+\/_search\/?$/.test(path))) {
    next();
    return;
  }
  response.set('Allow', 'GET, HEAD');
  sendRefusal(response, refusal(405, 'not-supported', 'This server is read-only'));
};
