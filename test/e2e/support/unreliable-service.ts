import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as DynamoDB and Step Functions get it. */
type ServiceCall = { readonly action: string; readonly input: Readonly<Record<string, unknown>> };

/** Stands between the functions and a service of AWS, and may be told to fail. */
export type UnreliableService = {
  readonly url: string;
  /** `down`: connections are cut. `silent`: calls are taken and never answered. `denied`: the role may not do that. */
  mode: 'up' | 'down' | 'silent' | 'denied' | 'throttled';
  readonly calls: ServiceCall[];
  close(): Promise<void>;
};

const refusals = {
  denied: JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized to perform this action' }),
  throttled: JSON.stringify({ __type: 'ProvisionedThroughputExceededException', message: 'too many requests' }),
};

/** `urlOf` is asked at each call: the service may start after those who stand before it. */
export async function unreliableService(urlOf: () => string): Promise<UnreliableService> {
  const server = createServer(async (request, response) => {
    const body = await bytesOf(request);
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    service.calls.push({ action, input: inputOf(body) });
    if (service.mode === 'down') request.socket.destroy();
    else if (service.mode === 'up') passOn(new URL(request.url ?? '/', urlOf()), request, body, response);
    else if (service.mode !== 'silent') response.writeHead(400).end(refusals[service.mode]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: UnreliableService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'up',
    calls: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

/** What is not JSON is a file's. */
function inputOf(body: Buffer): ServiceCall['input'] {
  try {
    return JSON.parse(body.toString('utf8') || '{}');
  } catch {
    return {};
  }
}

function passOn(url: URL, { method, headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
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
