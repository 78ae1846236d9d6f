import type { ClientRequest, Agent as HttpAgent, IncomingMessage } from 'node:http';

/** What happens on the wire under one request, and fhirclient and node-fetch do not tell. */
export interface RequestWatch {
  /** `agent`, for this one request. */
  over(agent: HttpAgent): HttpAgent;
  /** Did it go over a connection that had been kept, and nothing at all come back? */
  isUnansweredOnKeptConnection(): boolean;
}

/** What Node calls on the agent of a request, and its types leave out. */
interface RequestTaker {
  addRequest(request: ClientRequest, ...rest: readonly unknown[]): void;
}

/**
 * Watches one request from below. `onCutShort`: the connection ended before the body did; node-fetch would wait for the rest of a
 * body of known length for ever.
 */
export function watchRequest(onCutShort: () => void): RequestWatch {
  let isKept = false;
  let isAnswered = false;

  function watch(request: ClientRequest): void {
    request.once('socket', () => {
      isKept = request.reusedSocket;
    });
    request.once('response', (response) => {
      isAnswered = true;
      correctHeaders(response);
      response.once('close', () => {
        if (!response.complete) onCutShort();
      });
    });
  }

  return {
    over(agent) {
      const taker = agent as HttpAgent & RequestTaker;
      const addRequest: RequestTaker['addRequest'] = (request, ...rest) => {
        watch(request);
        taker.addRequest(request, ...rest);
      };
      return Object.create(agent, { addRequest: { value: addRequest } });
    },
    isUnansweredOnKeptConnection: () => isKept && !isAnswered,
  };
}

/** Headers that fhirclient and node-fetch would act on, and wrongly. */
function correctHeaders({ headers }: IncomingMessage): void {
  // node-fetch takes a chunked body for cut off when its connection is already in use by the next request. `onCutShort` knows.
  delete headers['transfer-encoding'];
  // fhirclient parses what calls itself JSON, and stumbles over a byte order mark. Text it hands over as it is.
  if (/\bjson\b/i.test(headers['content-type'] ?? '')) headers['content-type'] = 'text/plain';
}
