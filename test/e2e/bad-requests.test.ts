import { beforeAll, describe, expect, test } from '@jest/globals';
import { smallestDefinition } from '../support/wrapper-definition.ts';
import { toFeeds, toSystem, toWrappers } from './support/bad-requests.ts';
import { csvOf } from './support/csv.ts';
import { type RawAnswer, type RawRequest, sendRaw } from './support/raw-request.ts';
import { useStack } from './support/use-stack.ts';

const at = useStack();
const list = '/resources/wrappers';
const text = expect.stringMatching(/\S/);
const send = (raw: RawRequest) => sendRaw(at.stack, raw);

type Family = 'wrappers' | 'feeds' | 'system';

/** A clear 4xx in the shape of its family, which tells nothing of what is inside. */
function expectRefusal(answer: RawAnswer, status: number, family: Family): void {
  expect(answer).toMatchObject({ status });
  const { errors = [], details = 'none', ...body } = JSON.parse(answer.body);
  expect([errors, details]).toEqual([expect.any(Array), text]);
  // What the gateway answers itself is one for all families.
  const isOfGateway = 'error' in body && 'detail' in body;
  expect(body).toEqual(isOfGateway ? { error: text, detail: text, code: status } : shapeOf(family, status));
  expect(answer.body).not.toMatch(
    /\.[mc]?[jt]s\b|node_modules|\\n\s+at |headgate-local|Lambda|Dynamo|TypeError|SyntaxError|zod/i,
  );
}

function shapeOf(family: Family, status: number): object {
  if (family === 'wrappers') return { detail: text };
  if (family === 'system') return { error: text, code: status };
  return { error: { code: text, message: text }, _meta: { request_id: text, response_generated_at: text } };
}

/** How many wrappers and keys there are. */
async function stored(): Promise<readonly number[]> {
  const lists = await Promise.all([
    at.api.call('GET', `${list}?limit=100`),
    at.api.call('GET', '/api/keys?limit=1000'),
  ]);
  return lists.map(({ body }) => body.items.length);
}

describe.each([
  ['wrappers', toWrappers],
  ['feeds', toFeeds],
  ['system', toSystem],
] as const)('in the family of %s', (family, requests) => {
  let before: readonly number[];
  beforeAll(async () => {
    before = await stored();
  });

  test.each(requests)('Bad input: %s is refused and stores nothing', async (_, raw, status) => {
    expectRefusal(await send(raw), status, family);
    expect(await stored()).toEqual(before);
  });
});

describe('in headers', () => {
  test.each([
    ['empty', ''],
    ['of 300 characters', 'k'.repeat(300)],
    ['with a blank', 'a b'],
    ['with other letters', 'clé'],
    ['twice', ['a', 'b']],
  ])('Bad input: an Idempotency-Key %s is 400 and begins no run', async (_, key) => {
    const id = await at.api.wrapperOf(csvOf(3));
    const headers = { 'idempotency-key': key };
    expectRefusal(await send({ method: 'POST', path: `${list}/${id}/execute`, headers }), 400, 'wrappers');
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
    expectRefusal(await send({ method: 'POST', path: `${list}/${id}/execute`, headers }), 400, 'wrappers');
  });

  test('Bad input: JSON is read as JSON, whatever its Content-Type says', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1']) {
      const headers = { 'content-type': type };
      const answer = await send({
        method: 'POST',
        path: list,
        headers,
        body: JSON.stringify({ ...smallestDefinition, name: 'é' }),
      });
      expect([answer.status, JSON.parse(answer.body).name]).toEqual([201, 'é']);
    }
  });
});
