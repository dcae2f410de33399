import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as DynamoDB gets it. */
export type StoreCall = { readonly action: string; readonly input: Readonly<Record<string, unknown>> };

/** Stands between the functions and DynamoDB, and may be told to fail. */
export type UnreliableStore = {
  readonly url: string;
  /** `down`: connections are cut. `silent`: calls are taken and never answered. */
  mode: 'up' | 'down' | 'silent';
  readonly calls: StoreCall[];
  close(): Promise<void>;
};

export async function unreliableStore(dynamodbUrl: string): Promise<UnreliableStore> {
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    store.calls.push({ action, input: JSON.parse(body.toString('utf8') || '{}') });
    if (store.mode === 'down') request.socket.destroy();
    else if (store.mode === 'up') passOn(dynamodbUrl, request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const store: UnreliableStore = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'up',
    calls: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return store;
}

function passOn(url: string, { method, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const passed = forward(url, { method, headers }, (answer) => {
    response.writeHead(Number(answer.statusCode), answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  passed.end(body);
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
