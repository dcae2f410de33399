import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import dynalite from 'dynalite';

/** DynamoDB's protocol by dynalite, on disk. Not yet listening. */
export function dynamodbServer(path: string): Server {
  const server = dynalite({ path, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  const [handle] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  if (handle === undefined) throw new Error('dynalite listens otherwise than expected');
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle(deafToErrors(request), response);
  });
  return server;
}

/**
 * dynalite rethrows what goes wrong with a connection, which would end the whole stack when a client is killed in
 * the middle of a request. Without a listener, Node drops such an error with the connection.
 */
function deafToErrors(request: IncomingMessage): IncomingMessage {
  const on = request.on.bind(request);
  request.on = (event: string, listener: (...parameters: never[]) => void) =>
    event === 'error' ? request : on(event, listener as (...parameters: unknown[]) => void);
  return request;
}
