import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requiredScopes, type Scope, scopes } from '../../../lambdas/contracts/scopes.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { type Route, routes } from '../../../lib/api/routes.ts';
import { startAccessWorld } from '../../support/access-world.ts';

let world: Awaited<ReturnType<typeof startAccessWorld>>;
/** What handlers have asked the store for. */
const storeCalls: string[] = [];

beforeAll(async () => {
  world = await startAccessWorld();
  dynamo.middlewareStack.add(
    (next, { commandName }) =>
      (call) => {
        storeCalls.push(String(commandName));
        return next(call);
      },
    { step: 'initialize' },
  );
});
afterAll(() => world.close());

const titled = (of: readonly Route[]): [string, Route][] => of.map((route) => [`${route.method} ${route.path}`, route]);

async function statusFor(route: Route, granted: readonly Scope[]): Promise<number> {
  const { token } = await world.createKey({ name: 'any', scopes: granted });
  const asked = { route, wrapperId: await world.createWrapper(), headers: { 'x-api-key': token } };
  return (await world.ask(asked)).status;
}

describe.each(titled(routes))('%s', (_, route) => {
  const scope: Scope | null = requiredScopes[route.function];

  test('needs its own scope, whatever others there are', async () => {
    const others = scopes.filter((each) => each !== scope);
    expect((await statusFor(route, others)) === 403).toBe(scope !== null);
  });

  test('needs no other scope than its own', async () => {
    const status = await statusFor(route, scope === null ? [] : [scope]);
    expect([401, 403]).not.toContain(status);
  });
});

describe.each(titled(routes.filter(({ path }) => path.includes('{wrapper_id}'))))(
  '%s, asked with a key that is limited to another wrapper',
  (_, route) => {
    test('answers alike whether the wrapper is there or not, without looking', async () => {
      const { token } = await world.createKey({ name: 'limited', scopes, wrapperIds: [randomUUID()] });
      const answers: unknown[] = [];
      for (const wrapperId of [await world.createWrapper(), randomUUID()]) {
        storeCalls.length = 0;
        const answer = await world.proxied({ route, wrapperId, headers: { 'x-api-key': token } });
        answers.push(JSON.parse(JSON.stringify([answer, storeCalls]).replaceAll(wrapperId, 'ID')));
      }
      expect(answers[0]).toEqual(answers[1]);
      expect(storeCalls).toEqual([]);
    });

    test('answers as whoever may do everything is answered of one that is not there', async () => {
      const wrapperId = randomUUID();
      storeCalls.length = 0;
      const answerTo = async (wrapperIds?: readonly string[]) => {
        const { token } = await world.createKey({ name: 'any', scopes, ...(wrapperIds && { wrapperIds }) });
        return world.proxied({ route, wrapperId, headers: { 'x-api-key': token } });
      };
      const foreign = await answerTo([randomUUID()]);
      expect(storeCalls).toEqual([]);
      expect(foreign).toEqual(await answerTo());
      expect(storeCalls).not.toEqual([]);
    });
  },
);
