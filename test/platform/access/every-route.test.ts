import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operator } from '../../../lambdas/contracts/operator.ts';
import { requiredScopes, type Scope, scopes } from '../../../lambdas/contracts/scopes.ts';
import { revokeKey } from '../../../lambdas/domain/access/manage-keys.ts';
import { type Route, routes } from '../../../lib/api/routes.ts';
import { type Answer, startAccessWorld } from '../../support/access-world.ts';
import { type Random, seededRandom } from '../../support/random.ts';

const COMBINATIONS = 200;
const keyStates = ['none', 'malformed', 'unknown', 'wrong secret', 'expired', 'revoked', 'valid'] as const;

type Combination = {
  readonly route: Route;
  readonly keyState: (typeof keyStates)[number];
  readonly scopes: readonly Scope[];
  /** Whether the key is limited to wrappers, and the one asked for is among them. */
  readonly limit: 'none' | 'own' | 'foreign';
};

let world: Awaited<ReturnType<typeof startAccessWorld>>;
beforeAll(async () => {
  world = await startAccessWorld();
});
afterAll(() => world.close());

function combinationOf(random: Random): Combination {
  const route = random.pick(routes as readonly [Route, ...Route[]]);
  // A valid key, and one with the right scope, as often as all others: else nearly all would be refused.
  const keyState = random.chance(0.6) ? 'valid' : random.pick(keyStates);
  const given = scopes.filter(() => random.chance(0.4));
  const right = random.chance(0.5) ? (requiredScopes[route.function] ?? []) : [];
  return {
    route,
    keyState,
    scopes: [...new Set([...given, right].flat())],
    limit: random.pick(['none', 'own', 'foreign']),
  };
}

/** What shows a key in this state; a key that has ended was in use, and remembered, until then. */
async function headersFor({ keyState, scopes: granted, limit }: Combination, wrapperId: string) {
  const wrapperIds = limit === 'own' ? [randomUUID(), wrapperId] : [randomUUID()];
  const expiresAt = world.clock.now + 1000;
  const { key, token } = await world.createKey({
    name: 'any',
    scopes: granted,
    ...(limit !== 'none' && { wrapperIds }),
    ...(keyState === 'expired' && { expiresAt }),
  });
  const headers = (text: string): Record<string, string> => ({ Authorization: `Bearer ${text}` });
  switch (keyState) {
    case 'none':
      return {};
    case 'malformed':
      return headers(`${token}!`);
    case 'unknown':
      return headers(token.replace(key.keyId, 'f'.repeat(24)));
    case 'wrong secret':
      return headers(`hg_${key.keyId}_${'A'.repeat(43)}`);
    case 'valid':
      return headers(token);
    case 'expired':
    case 'revoked':
      await world.ask({ route: routes[1] as Route, wrapperId, headers: headers(token) });
      if (keyState === 'revoked') await revokeKey(key.keyId, operator, world.keys);
      world.clock.now += 60_000;
      return headers(token);
  }
}

/** How whoever may do everything is answered about a wrapper that never was. */
async function answerToUnknown(route: Route): Promise<Answer> {
  const { token } = await world.createKey({ name: 'all', scopes });
  const wrapperId = randomUUID();
  const answer = await world.ask({ route, wrapperId, headers: { 'x-api-key': token } });
  return withoutIds(answer, wrapperId);
}

function withoutIds({ status, body }: Answer, wrapperId: string): Answer {
  return { status, body: JSON.parse(JSON.stringify(body ?? null).replaceAll(wrapperId, 'ID')) };
}

const forbidden = expect.stringMatching(/^Forbidden - Insufficient permissions\./);

function refusalOf({ path }: Route) {
  if (path.startsWith('/v1/')) return { error: { code: 'FORBIDDEN', message: forbidden }, _meta: expect.anything() };
  return path.startsWith('/api/') ? { error: forbidden, code: 403 } : { detail: forbidden };
}

const seen = new Map<string, number>();

/** Compares an answer with what the contract says of the combination. */
async function check(combination: Combination): Promise<void> {
  const { route, keyState, limit } = combination;
  const wrapperId = await world.createWrapper();
  const headers = await headersFor(combination, wrapperId);
  const answer = await world.ask({ route, wrapperId, headers });
  const required = requiredScopes[route.function];
  const isAnonymous = keyState === 'none' && (required === null || route.path.startsWith('/v1/'));
  const note = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);

  if (keyState !== 'valid' && !isAnonymous) {
    note('401');
    return expect(answer).toEqual({ status: 401, body: undefined });
  }
  const lacksScope = !isAnonymous && required !== null && !combination.scopes.includes(required);
  const isClosed = route.function === 'createWrapper' && limit !== 'none';
  if (lacksScope || isClosed) {
    note('403');
    return expect(answer).toEqual({ status: 403, body: refusalOf(route) });
  }
  if (route.path.includes('{wrapper_id}')) {
    const unknown = await answerToUnknown(route);
    note(limit === 'foreign' ? 'foreign' : 'known');
    if (limit === 'foreign') return expect(withoutIds(answer, wrapperId)).toEqual(unknown);
    // One that has never run is as healthy as one that is not there.
    if (route.function !== 'getWrapperHealth') expect(withoutIds(answer, wrapperId)).not.toEqual(unknown);
  }
  note('allowed');
  if (route.function === 'listWrappers' && limit !== 'none') {
    const items = answer.body?.items as { wrapper_id: string }[];
    expect(items.map((item) => item.wrapper_id)).toEqual(limit === 'own' ? [wrapperId] : []);
  }
  // Making a key that could do more than its maker is the one thing left to refuse.
  if (route.function !== 'createKey') expect([401, 403]).not.toContain(answer.status);
}

test('Access: in two hundred random combinations of key, scopes, limit and route nothing is allowed that should not be', async () => {
  const random = seededRandom(6);
  for (let n = 0; n < COMBINATIONS; n += 1) {
    const combination = combinationOf(random);
    try {
      await check(combination);
    } catch (error) {
      throw new Error(`combination ${n}: ${JSON.stringify(combination)}`, { cause: error });
    }
  }
  // Each kind of verdict often enough to mean something.
  for (const what of ['401', '403', 'foreign', 'known', 'allowed']) expect(seen.get(what)).toBeGreaterThan(10);
}, 60_000);
