import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const endings = new WeakMap<Socket, Set<() => void>>();

/**
 * Calls `ended` once, when the answer is sent or can no longer be. A response says `close` itself, except one that waits behind
 * another on a connection that is cut (pipelining): until it is ended it belongs to no connection, so the connection is asked too.
 */
export function onExchangeEnd(request: IncomingMessage, response: ServerResponse, ended: () => void): void {
  const { socket } = request;
  const onSocket = endings.get(socket) ?? endingsOf(socket);
  const end = () => {
    if (onSocket.delete(end)) ended();
  };
  onSocket.add(end);
  response.once('close', end);
  if (socket.destroyed) end();
}

// One listener for each connection: a pipeline would add as many as it has requests.
function endingsOf(socket: Socket): Set<() => void> {
  const own = new Set<() => void>();
  endings.set(socket, own);
  socket.once('close', () => {
    for (const end of own) end();
  });
  return own;
}
