import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../listen-on-loopback.ts';

export type HttpRequest = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  readonly body: Buffer;
  /** The body was longer than the limit; `body` is empty then. */
  readonly isTooLarge: boolean;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
};

export type HttpService = { readonly url: string; close(): Promise<void> };

const BODY_LIMIT = 10 * 1024 * 1024;

export type HttpAnswer = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/**
 * Serves on 127.0.0.1 only; bodies of up to 10 MB are read whole.
 * @param port 0 picks a free one
 */
export function startHttpService(port: number, answer: HttpAnswer): Promise<HttpService> {
  const server = createServer((incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  return listenOnLoopback(server, port);
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, answer: HttpAnswer): Promise<void> {
  try {
    const { body, isTooLarge } = await readBody(incoming);
    const response = await answer({
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      body,
      isTooLarge,
    });
    outgoing.writeHead(response.status, response.headers as Record<string, string | string[]>);
    outgoing.end(incoming.method === 'HEAD' ? undefined : response.body);
  } catch (error) {
    // The client went away while sending, or the engine itself is at fault: tell it, for nobody else will.
    if (outgoing.headersSent || incoming.destroyed) return void outgoing.destroy();
    outgoing.writeHead(500, { 'content-type': 'text/plain' }).end(`local engine: ${String(error)}`);
  }
}

/** Reads on beyond the limit without keeping anything, so that the client gets to read its answer. */
async function readBody(incoming: IncomingMessage): Promise<{ body: Buffer; isTooLarge: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
    else chunks.length = 0;
  }
  return { body: Buffer.concat(chunks), isTooLarge: size > BODY_LIMIT };
}
