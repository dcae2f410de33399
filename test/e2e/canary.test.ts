import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type WebServer, webServer } from '../support/web-server.ts';
import { csvOf } from './support/csv.ts';
import { messagesIn } from './support/messages-in.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();

/** A secret for each place that takes one; whoever is sent them repeats them in all it answers. */
const places = ['bearer', 'header', 'query', 'user', 'password', 'client', 'oauth', 'destination', 'signing'];
const canaryOf = (place: string) => `canary-${place}-5d1c0a8e77f3`;
const secret = (place: string) => ({ secret: `team/${place}` });
const canaries = [...places.map(canaryOf), 'canary-token-5d1c0a8e77f3'];
const received = new Set<string>();
let parrot: WebServer;

beforeAll(async () => {
  const secrets = Object.fromEntries(places.map((place) => [`team/${place}`, canaryOf(place)]));
  writeFileSync(path.join(at.stack.dataDir, 'secrets.json'), JSON.stringify(secrets));
  parrot = await webServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request));
    const basic = /^Basic (.+)$/.exec(String(request.headers.authorization))?.[1] ?? '';
    const heard = [request.url, JSON.stringify(request.headers), body, Buffer.from(basic, 'base64')].join(' ');
    for (const canary of canaries) if (heard.includes(canary)) received.add(canary);
    const url = String(request.url);
    if (url.startsWith('/token/works')) {
      response.end(JSON.stringify({ access_token: 'canary-token-5d1c0a8e77f3', expires_in: 60 }));
      return;
    }
    const status = Number(/\/(\d{3})/.exec(url)?.[1] ?? 400);
    const echo = heard.replaceAll(/[^\x20-\x7e]/g, ' ');
    response.writeHead(status, { 'x-echo': echo.slice(0, 2000), 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: echo, data: [{ id: 1 }] }));
  });
});
afterAll(() => parrot.close());

const api = (url: string, more: object) => ({
  type: 'API',
  request: { url: `${parrot.url}${url}` },
  records: '$.data[*]',
  ...more,
});

const queue = 'https://sqs.us-east-1.amazonaws.com/000000000000/headgate-local';

/** Sources that need a secret each, and answer with this status. */
function sources(status: number): object[] {
  const oauth = (token: string) => ({
    type: 'oauth2',
    token_url: `${parrot.url}/token/${token}`,
    client_id: secret('client'),
    client_secret: secret('oauth'),
  });
  const url = `/${status}`;
  const request = { url: `${parrot.url}${url}`, headers: { 'X-Key': secret('header') } };
  return [
    api(url, { auth: { type: 'bearer', token: secret('bearer') } }),
    api(url, { request }),
    api(url, { auth: { type: 'api_key', in: 'query', name: 'key', value: secret('query') } }),
    api(url, { auth: { type: 'basic', username: secret('user'), password: secret('password') } }),
    api(url, { auth: oauth('401') }),
    api(url, { auth: oauth('works') }),
  ];
}

function filesWith(canary: string): string[] {
  return readdirSync(at.stack.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const file = path.join(at.stack.dataDir, name);
    if (!statSync(file).isFile()) return false;
    const bytes = readFileSync(file);
    const content = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    return content.includes(canary) || content.includes(Buffer.from(canary).toString('base64').slice(0, -4));
  });
}

test('I11: secrets of sources and destinations, repeated to us in every answer, are kept nowhere and told to nobody', async () => {
  const destination = (status: number) => ({
    type: 'http',
    url: `${parrot.url}/${status}`,
    headers: { 'X-Token': secret('destination') },
    signing_secret: secret('signing'),
  });
  const told: unknown[] = [];
  const run = async (more: object) => {
    const id = await at.api.createWrapper(more as Readonly<Record<string, unknown>>);
    told.push(await at.api.call('POST', `/resources/wrappers/${id}/preview`), await at.api.execute(id));
    for (const what of ['', '/health', '/monitoring', '/executions', '/logs', `/executions/${id}-1`])
      told.push(await at.api.get(id, what));
  };
  const source = { type: 'CSV', location: { file_id: await at.api.upload(csvOf(3)) } };
  await Promise.all([
    ...sources(400).map((each) => run({ source: each, destination: destination(200) })),
    ...sources(200).map((each) => run({ source: each, destination: destination(400) })),
    ...sources(200)
      .slice(0, 1)
      .map((each) => run({ source: each, destination: { type: 'sqs', queue_url: queue } })),
    ...[401, 403].map((status) => run({ source, destination: destination(status) })),
  ]);
  // Signing keys sign, and are never sent.
  expect([...received].sort()).toEqual(canaries.filter((each) => each !== canaryOf('signing')).sort());
  const answers = JSON.stringify(told);
  expect(answers).toContain('[redacted]');
  // Messages are in memory, and in no file.
  const messages = (await messagesIn(queue, at.stack)).join('\n');
  expect(messages).toContain('data_points');
  for (const canary of canaries) {
    const leaks = [answers, at.stack.output(), messages].map((text) => text.includes(canary));
    expect([canary, ...leaks]).toEqual([canary, false, false, false]);
    expect(filesWith(canary)).toEqual(canary.includes('-token-') ? [] : ['secrets.json']);
  }
});
