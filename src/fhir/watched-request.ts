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

/** For how long the rest of an error is waited for. Its status has said what it is; read to its end, the connection can be kept. */
const ERROR_BODY_MS = 500;

/**
 * Watches one request from below. `onNoMore`: no more of the body comes, or none that is worth waiting for. node-fetch would wait
 * for ever for the rest of a body of known length whose connection has ended.
 */
export function watchRequest(onNoMore: () => void): RequestWatch {
  let isKept = false;
  let isAnswered = false;

  function watch(request: ClientRequest): void {
    request.once('socket', () => {
      isKept = request.reusedSocket;
    });
    request.once('response', (response) => {
      isAnswered = true;
      correctHeaders(response);
      const patience = isError(response) ? setTimeout(onNoMore, ERROR_BODY_MS) : undefined;
      response.once('close', () => {
        clearTimeout(patience);
        if (!response.complete) onNoMore();
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

function isError({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode < 200 || statusCode > 299;
}

/** Headers that fhirclient and node-fetch would act on, and wrongly. */
function correctHeaders(response: IncomingMessage): void {
  const { headers } = response;
  // node-fetch takes a chunked body for cut off when its connection is already in use by the next request. `onNoMore` knows.
  delete headers['transfer-encoding'];
  // With `deflate`, node-fetch says nothing of the status before the body begins; nobody unpacks that of an error.
  if (isError(response)) delete headers['content-encoding'];
  // fhirclient parses what calls itself JSON, and stumbles over a byte order mark. Text it hands over as it is. The body of an
  // error it reads to the end only if it is one of the two.
  if (isError(response) || /\bjson\b/i.test(headers['content-type'] ?? '')) headers['content-type'] = 'text/plain';
}
