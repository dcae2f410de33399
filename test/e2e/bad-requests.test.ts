import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { csvOf } from './support/csv.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const list = '/resources/wrappers';
const definition = (more = {}) => ({
  name: 'test',
  source: { type: 'CSV', location: { url: 'https://example.com/a.csv' } },
  destination: { type: 'http', url: 'https://example.com/points' },
  ...more,
});

type Raw = {
  method?: string;
  path: string;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: string;
};

/** As it is written: fetch would tidy paths up, and join headers. */
async function send({ method = 'GET', path, headers = {}, body }: Raw): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(at.stack.apiUrl);
  const all = { authorization: `Bearer ${at.stack.key}`, ...headers } as Record<string, string | string[]>;
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: all }, async (answer) => {
      resolve({ status: Number(answer.statusCode), body: await text(answer) });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A clear 4xx in the family's shape, which tells nothing of what is inside. */
function expectRefusal(answer: { status: number; body: string }, status: number): void {
  expect(answer).toMatchObject({ status });
  const { detail } = JSON.parse(answer.body);
  expect(detail).toEqual(expect.stringMatching(/\S/));
  expect(answer.body).not.toMatch(
    /\.[mc]?[jt]s\b|node_modules|\bat .+:\d+:\d+|headgate-local|Lambda|Dynamo|TypeError|SyntaxError|zod/i,
  );
}

const countOfWrappers = async () => (await at.api.call('GET', `${list}?limit=100`)).body.items.length;

describe('Bad input: requests', () => {
  test.each<[string, Raw, number]>([
    ['a body that is no JSON', { method: 'POST', path: list, body: '{"name": ' }, 400],
    ['no body', { method: 'POST', path: list }, 400],
    [
      'a body of another kind',
      { method: 'POST', path: list, headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      400,
    ],
    [
      'a form',
      {
        method: 'POST',
        path: list,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'name=a&b=c',
      },
      400,
    ],
    ['a body of zero bytes', { method: 'POST', path: list, body: '\0\0\0' }, 400],
    ['a list', { method: 'POST', path: list, body: '[]' }, 400],
    ['text', { method: 'POST', path: list, body: '"text"' }, 400],
    ['null', { method: 'POST', path: list, body: 'null' }, 400],
    ['100,000 lists in each other', { method: 'POST', path: list, body: '['.repeat(1e5) + ']'.repeat(1e5) }, 400],
    ['100,000 lists that never end', { method: 'POST', path: list, body: '['.repeat(1e5) }, 400],
    [
      'objects nested deeper than is allowed',
      {
        method: 'POST',
        path: list,
        body: JSON.stringify(definition({ metadata: JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`) })),
      },
      400,
    ],
    [
      'a definition of more than 256 KB',
      { method: 'POST', path: list, body: JSON.stringify(definition({ metadata: { a: 'x'.repeat(300_000) } })) },
      400,
    ],
    ['a body of 11 MB', { method: 'POST', path: list, body: 'x'.repeat(11 * 1024 * 1024) }, 413],
    [
      'a name with control characters',
      { method: 'POST', path: list, body: JSON.stringify(definition({ name: 'a\u0000\u001b[31mb' })) },
      400,
    ],
    [
      'a header that would become two',
      {
        method: 'POST',
        path: list,
        body: JSON.stringify(
          definition({ destination: { type: 'http', url: 'https://example.com', headers: { 'X-A': 'b\r\nX-C: d' } } }),
        ),
      },
      400,
    ],
    [
      'a header name that would become two',
      {
        method: 'POST',
        path: list,
        body: JSON.stringify(
          definition({ destination: { type: 'http', url: 'https://example.com', headers: { 'X-A: b\r\nX-C': 'd' } } }),
        ),
      },
      400,
    ],
    ['two keys', { path: list, headers: { authorization: ['Bearer a', 'Bearer b'] } }, 401],
    ['a limit that is none', { path: `${list}?limit=abc` }, 400],
    ['a limit of 1e99', { path: `${list}?limit=1e99` }, 400],
    ['a parameter that there is not', { path: `${list}?colour=red` }, 400],
    ['a cursor that is none', { path: `${list}?cursor=%00%ff` }, 400],
    ['a parameter that is not encoded right', { path: `${list}?limit=%zz` }, 400],
    ['a parameter given twice', { path: `${list}?limit=1&limit=x` }, 400],
    ['..', { path: `${list}/..` }, 404],
    ['../..', { path: `${list}/../../keys` }, 404],
    ['%2e%2e', { path: `${list}/%2e%2e` }, 404],
    ['%2e%2e in the middle', { path: `${list}/%2e%2e/wrappers` }, 404],
    ['an encoded slash', { path: `${list}/a%2fhealth` }, 404],
    ['an encoded backslash', { path: `${list}/..%5c..%5cetc` }, 404],
    ['a slash encoded twice', { path: `${list}/%252e%252e%252fetc` }, 404],
    ['two slashes', { path: '/resources//wrappers' }, 404],
    ['two slashes at the front', { path: `/${list}` }, 404],
    ['a zero byte in an id', { path: `${list}/a%00b` }, 404],
    ['line ends in an id', { path: `${list}/a%0d%0aX-Injected:%20b` }, 404],
    ['an id that is not encoded right', { path: `${list}/%zz` }, 404],
    ['an id of 5,000 characters', { path: `${list}/${'a'.repeat(5000)}` }, 404],
    ['__proto__ for an id', { path: `${list}/__proto__` }, 404],
    ['.. for an id, to be executed', { method: 'POST', path: `${list}/../execute` }, 400],
    ['another method', { method: 'PROPFIND', path: list }, 404],
  ])('Bad input: %s is refused and stores nothing', async (_, raw, status) => {
    const before = await countOfWrappers();
    expectRefusal(await send(raw), status);
    expect(await countOfWrappers()).toBe(before);
  });

  test.each([
    ['empty', ''],
    ['of 300 characters', 'k'.repeat(300)],
    ['with a blank', 'a b'],
    ['with other letters', 'clé'],
    ['twice', ['a', 'b']],
  ])('Bad input: an Idempotency-Key %s is 400 and begins no run', async (_, key) => {
    const id = await at.api.wrapperOf(csvOf(3));
    const headers = { 'idempotency-key': key };
    expectRefusal(await send({ method: 'POST', path: `${list}/${id}/execute`, headers }), 400);
    expect((await at.api.get(id, '/executions')).body.items).toEqual([]);
  });

  test.each(['wait=-1', 'wait=1e9', 'wait=99999999999999', 'wait=NaN', ';;,,=', 'wait=1;wait=2', 'handling=strict'])(
    'Bad input: a Prefer of %j is as good as none, or waits no longer than without',
    async (prefer) => {
      const id = await at.api.wrapperOf(csvOf(3));
      const answer = await send({ method: 'POST', path: `${list}/${id}/execute`, headers: { prefer } });
      expect([answer.status, JSON.parse(answer.body).success]).toEqual([200, true]);
    },
  );

  test('Bad input: a Prefer of 5,000 characters is 400', async () => {
    const id = await at.api.wrapperOf(csvOf(3));
    const headers = { prefer: 'x'.repeat(5000) };
    expectRefusal(await send({ method: 'POST', path: `${list}/${id}/execute`, headers }), 400);
  });

  test('Bad input: JSON is read as JSON, whatever its Content-Type says', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1']) {
      const headers = { 'content-type': type };
      const answer = await send({
        method: 'POST',
        path: list,
        headers,
        body: JSON.stringify(definition({ name: 'é' })),
      });
      expect([answer.status, JSON.parse(answer.body).name]).toEqual([201, 'é']);
    }
  });
});
