import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WrapperDefinition } from '../../../lambdas/contracts/wrapper-definition.ts';
import { ok } from '../../../lambdas/platform/api/responses.ts';
import { withinLimit } from '../../../lambdas/platform/api/within-limit.ts';
import { addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { inferDefinition } from '../../../lambdas/platform/infer/infer-definition.ts';
import { openReading } from '../../../lambdas/platform/open-work.ts';
import { readingPorts } from '../../../lambdas/platform/reading-ports.ts';
import { answerPreview } from '../../../lambdas/platform/views/preview-view.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

const LIMIT_MS = 300;
const late = (what: string) => ({
  statusCode: 503,
  body: JSON.stringify({ detail: `Service unavailable: ${what} was not read within 0.3 s` }),
});

const ports = readingPorts({
  ALLOWED_HOSTS: ['127.0.0.1'],
  ALLOWED_PORTS: [443],
  FILES_BUCKET: 'files',
  READ_BUCKETS: [],
  SECRETS_PREFIX: 'headgate/',
});
const client = guardedClient(addressPolicy(['127.0.0.1']));

let server: WebServer | undefined;
const cut: Promise<unknown>[] = [];
afterEach(async () => {
  // What was asked for is let go, not only forgotten.
  await Promise.all(cut.splice(0));
  await server?.close();
  server = undefined;
});

/** A server that begins its answers like this, and never ends them. */
async function endless(manner: (response: ServerResponse) => void): Promise<string> {
  server = await webServer((_request, response) => {
    cut.push(once(response, 'close'));
    manner(response);
  });
  return `${server.url}/data`;
}

const silent = () => undefined;
const trickling = (beginning: string) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json', etag: '"v1"', 'content-length': 1_000_000 });
  response.write(beginning);
  const drops = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(drops));
};
const throttling = (response: ServerResponse) => void response.writeHead(429, { 'retry-after': '4' }).end();

function preview(source: unknown) {
  const destination = { type: 'http', url: 'https://destination.example/' };
  const definition = WrapperDefinition.parse({ name: 'x', source, destination });
  return answerPreview(openReading('w-1', definition, ports), 10, LIMIT_MS);
}

describe('a preview ends in time', () => {
  test.each([
    ['file server that is silent', silent],
    ['file server that trickles', trickling('id,name\n1,"')],
    ['file server that asks to wait', throttling],
  ])('over a %s', async (_, manner) => {
    const url = await endless(manner);
    expect(await preview({ type: 'CSV', location: { url } })).toMatchObject(late('the source'));
    expect(await preview({ type: 'XLSX', location: { url } })).toMatchObject(late('the source'));
  });

  test.each([
    ['is silent', silent],
    ['trickles', trickling('[{"id": 1}')],
    ['asks to wait', throttling],
  ])('over an API that %s', async (_, manner) => {
    const request = { url: await endless(manner) };
    expect(await preview({ type: 'API', request, records: '$[*]' })).toMatchObject(late('the source'));
  });
});

test('a preview of an API that is slow has what was read in time', async () => {
  server = await webServer((request, response) => {
    if (request.url === '/data') {
      response.writeHead(200, { 'content-type': 'application/json', link: '</more>; rel="next"' }).end('[{"id": 1}]');
    } else {
      cut.push(once(response, 'close'));
    }
  });
  const request = { url: `${server.url}/data` };
  const { statusCode, body } = await preview({
    type: 'API',
    request,
    pagination: { type: 'link_header' },
    records: '$[*]',
  });
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    {
      data_points: [{ id: expect.any(String), timestamp: null, data: { id: 1 } }],
      quarantined: [],
      notes: ['cut here: the source gave no more in time'],
      error: null,
    },
  ]);
});

describe('inferring ends in time', () => {
  test.each([
    ['is silent', silent],
    ['trickles JSON', trickling('[{"id": 1}')],
    ['trickles a file', trickling('id,name\n')],
  ])('from an address that %s', async (_, manner) => {
    const sample = { url: await endless(manner) };
    const infer = async (signal: AbortSignal) =>
      ok(await inferDefinition(sample, undefined, { client, uploads: 'files' }, signal));
    expect(await withinLimit('the sample', infer, LIMIT_MS)).toMatchObject(late('the sample'));
  });
});

test('what fails of itself is not called late', async () => {
  const failing = withinLimit('the source', () => Promise.reject(new Error('broken')), LIMIT_MS);
  await expect(failing).rejects.toThrow('broken');
});
