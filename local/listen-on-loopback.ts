import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LoopbackServer = { readonly url: string; readonly port: number; close(): Promise<void> };

/** Starts a server on 127.0.0.1; port 0 or none: a free one. Closing ends open connections too. */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(port, error) : error);
    server.once('error', refuse);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

function taken(port: number, cause: Error): Error {
  const message = `port ${port} is in use (EADDRINUSE); choose others with --port and --sink-port, 0 for a free one`;
  return Object.assign(new Error(message, { cause }), { code: 'EADDRINUSE' });
}
