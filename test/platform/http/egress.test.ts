import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { httpDestination } from '../../../lambdas/destinations/http.ts';
import type { ReadSecret } from '../../../lambdas/domain/secrets.ts';
import { openFiles } from '../../../lambdas/platform/files/open-files.ts';
import { type AddressPolicy, addressPolicy } from '../../../lambdas/platform/http/address-policy.ts';
import { type GuardedClient, guardedClient } from '../../../lambdas/platform/http/guarded-client.ts';
import { httpExchange } from '../../../lambdas/platform/http/http-exchange.ts';
import { httpPost } from '../../../lambdas/platform/http/http-post.ts';
import { inferDefinition } from '../../../lambdas/platform/infer/infer-definition.ts';
import { systemClock } from '../../../lambdas/platform/system-clock.ts';
import { ApiSourceConfig } from '../../../lambdas/sources/api/config.ts';
import { openSource } from '../../../lambdas/sources/open-source.ts';
import { insideAddresses, namesInside } from '../../support/inside-addresses.ts';
import { outgoingBatch } from '../../support/outgoing-batch.ts';
import { readBatches } from '../../support/read-source.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

/** Where nobody may get to; counts whoever does. */
const inside = createServer((socket) => {
  reached += 1;
  socket.destroy();
});
let reached = 0;
let port: number;
/** A place outside, which leads its visitors where its query says. */
let outside: WebServer;
let client: GuardedClient;

const lookup: LookupFunction = (name, _options, callback) => {
  const found = namesInside(name).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  callback(null, found);
};

beforeAll(async () => {
  await new Promise<void>((resolve) => inside.listen(0, '::', resolve));
  port = (inside.address() as AddressInfo).port;
  outside = await webServer((request, response) => {
    const { pathname, searchParams } = new URL(String(request.url), 'http://outside.test');
    const to = searchParams.get('to') ?? '';
    // As bytes in UTF-8, as browsers would take it; no header can hold these three.
    const inHeader = Buffer.from(to.replaceAll(/[\r\n\0]/g, '')).toString('latin1');
    if (pathname === '/redirect') response.writeHead(302, { location: inHeader }).end();
    else if (pathname === '/link') response.writeHead(200, { link: `<${inHeader}>; rel="next"` }).end('[{"id":1}]');
    else if (pathname === '/next') response.end(JSON.stringify({ data: [{ id: 1 }], next: to }));
    else response.writeHead(404).end();
  });
  client = guardedClient(addressPolicy([`outside.test:${outside.port}`], [443, port]), lookup);
});
beforeEach(() => {
  reached = 0;
});
afterAll(async () => {
  await client.close();
  await outside.close();
  inside.close();
});

const forms = () =>
  Object.values(insideAddresses)
    .flat()
    .map((form) => form.replaceAll('PORT', String(port)));
const secret: ReadSecret = async () => 'secret';
const signal = new AbortController().signal;

type Definition = Readonly<Record<string, unknown>>;

function readApi(request: Definition, more: Definition = {}): Promise<unknown> {
  const parsed = ApiSourceConfig.parse({
    type: 'API',
    request: { url: 'https://example.org' },
    records: '$[*]',
    ...more,
  });
  // Past the schema, which would refuse some of these before they get here.
  const config = { ...parsed, request: { ...parsed.request, ...request } };
  const ports = { exchange: httpExchange(client), secret, clock: systemClock, openFile: files() };
  return readBatches(openSource(config, ports).source);
}

const files = () => openFiles({ client, uploads: 'uploads', readBuckets: [] });
const at = (path: string, to: string) =>
  `http://outside.test:${outside.port}${path}?${new URLSearchParams({ to }).toString()}`;

/** Each way that an address of a user or of an upstream comes to be contacted. */
const waysIn: readonly (readonly [string, (url: string) => Promise<unknown>])[] = [
  ['the address of an API', (url) => readApi({ url })],
  ['the address of an API that is asked by POST', (url) => readApi({ url, method: 'POST' })],
  ['the address of a file', (url) => files()({ url }).stat(signal)],
  [
    'the token endpoint of an API',
    (url) => {
      const auth = {
        type: 'oauth2',
        token_url: 'https://example.org',
        client_id: 'id',
        client_secret: { secret: 's' },
      };
      const parsed = ApiSourceConfig.parse({
        type: 'API',
        request: { url: 'https://example.org' },
        records: '$[*]',
        auth,
      });
      const config = { ...parsed, auth: { ...parsed.auth, token_url: url } } as ApiSourceConfig;
      const ports = { exchange: httpExchange(client), secret, clock: systemClock, openFile: files() };
      return readBatches(openSource(config, ports).source);
    },
  ],
  [
    'the next page in a body',
    (url) =>
      readApi({ url: at('/next', url) }, { records: '$.data[*]', pagination: { type: 'next_url', path: '$.next' } }),
  ],
  [
    'the next page in a Link header',
    (url) => readApi({ url: at('/link', url) }, { pagination: { type: 'link_header' } }),
  ],
  ['a redirect of an API', (url) => readApi({ url: at('/redirect', url) })],
  ['a redirect of a file', (url) => files()({ url: at('/redirect', url) }).stat(signal)],
  ['a sample to infer from', (url) => inferDefinition({ url }, undefined, { client, uploads: 'uploads' }, signal)],
  [
    'a redirect of a sample',
    (url) => inferDefinition({ url: at('/redirect', url) }, undefined, { client, uploads: 'uploads' }, signal),
  ],
  [
    'a destination',
    (url) =>
      httpDestination({ type: 'http', url }, { post: httpPost(client), secret, now: Date.now }).send(
        outgoingBatch(),
        signal,
      ),
  ],
];

/** By the guard, as no address at all, or as a path of the place that named it; never by a connection that failed. */
const refusals = /^Forbidden address: |^Invalid URL$|invalid address$|is not one$|HTTP 404|not found/;

describe('of all ways to write an address that leads inside, none gets there', () => {
  test.each(waysIn)('by %s', async (_, way) => {
    for (const form of forms()) {
      const outcome = await way(form).then(
        (value) => `answered: ${JSON.stringify(value)}`,
        (error: Error) => (refusals.test(error.message) ? 'refused' : error.message),
      );
      expect([form, outcome, reached]).toEqual([form, 'refused', 0]);
    }
  });

  test('there are at least 150 of them, no two alike', () => {
    expect(new Set(forms()).size).toBeGreaterThanOrEqual(150);
    expect(new Set(forms()).size).toBe(forms().length);
  });

  test('and without a guard most of those that aim at loopback do get there', async () => {
    const everything: AddressPolicy = { vet: () => undefined, isExempt: () => true };
    const open = guardedClient(everything, lookup);
    const groups = ['loopback as it is', 'IPv4 in short', 'IPv4 in decimal', 'IPv4 in octal', 'IPv4 in hexadecimal'];
    const aimed = [...groups, 'dots at the end', 'other digits, dots and letters of Unicode', 'percent-encoded hosts']
      .flatMap((group) => insideAddresses[group] ?? [])
      .map((form) => form.replaceAll('PORT', String(port)));
    for (const url of aimed) await open.request({ method: 'GET', url, signal }).catch(() => undefined);
    await open.close();
    expect(reached).toBeGreaterThan(aimed.length / 2);
  });
});
