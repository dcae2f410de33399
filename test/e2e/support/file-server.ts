import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type WebServer, webServer } from '../../support/web-server.ts';

export type FileServer = WebServer & {
  content: Buffer;
  /** `no ranges`: always the whole file. `cut`: a part of what was asked for, then the connection breaks. */
  mode: 'ranges' | 'no ranges' | 'cut' | 'hang' | number;
  /** `Range` headers as they came. */
  readonly ranges: string[];
  /** Bytes of bodies sent so far. */
  sent: number;
};

/** Bytes sent before a connection is cut. */
const CUT_AFTER = 100_000;

/** A file behind an address, with a strong ETag; a number for a mode is the status that it answers. */
export async function fileServer(content: string | Buffer): Promise<FileServer> {
  const server = await webServer((request, response) => answer(request, response, files));
  const files: FileServer = { ...server, content: Buffer.from(content), mode: 'ranges', ranges: [], sent: 0 };
  return files;
}

function answer({ headers }: IncomingMessage, response: ServerResponse, files: FileServer): void {
  const { content, mode } = files;
  if (headers.range !== undefined) files.ranges.push(headers.range);
  if (mode === 'hang') return;
  if (typeof mode === 'number') return void response.writeHead(mode).end('as told');
  const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`;
  if (mode === 'no ranges') {
    files.sent += content.length;
    return void response.writeHead(200, { etag, 'content-length': content.length }).end(content);
  }
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag) return void response.writeHead(412).end();
  const [, first = 0, last = content.length - 1] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const from = Number(first);
  const to = Math.min(last === '' ? content.length - 1 : Number(last), content.length - 1);
  response.writeHead(206, {
    etag,
    'content-range': `bytes ${from}-${to}/${content.length}`,
    'content-length': to - from + 1,
  });
  const isCut = mode === 'cut' && to - from > CUT_AFTER;
  const body = content.subarray(from, isCut ? from + CUT_AFTER : to + 1);
  files.sent += body.length;
  if (isCut) response.write(body, () => response.destroy());
  else response.end(body);
}
