import { expect, test } from '@jest/globals';
import { type Check, checkComponents } from '../../../lambdas/domain/status/check-components.ts';
import { manualClock } from '../../support/manual-clock.ts';

const well = async () => null;
const never = () => new Promise<never>(() => undefined);
const failing = async () => {
  throw new Error('arn:aws:sqs:eu-west-1:123456789012:polls');
};
const causeOf = () => 'access denied';

function run(checks: readonly Check[]) {
  const clock = manualClock();
  const begun = clock.now();
  return clock
    .run(checkComponents(checks, { clock, causeOf }))
    .then((components) => ({ components, tookMs: clock.now() - begun }));
}

test('O-3: components are named after what answers, and each has its own verdict', async () => {
  const { components } = await run([
    { component: 'store', probe: well },
    { component: 'poll-queue', probe: failing },
    { component: 'schedules', part: 'reconciler', probe: async () => 'disabled' },
  ]);
  expect(components).toEqual({
    'api.store': { status: 'ok' },
    'api.poll-queue': { status: 'error', error: 'access denied' },
    'api.schedules': { status: 'error', error: 'reconciler: disabled' },
  });
});

test('a component of several parts is in error for one of them, and names all that are', async () => {
  const { components } = await run([
    { component: 'store', part: 'wrappers', probe: failing },
    { component: 'store', part: 'feeds', probe: well },
    { component: 'store', part: 'keys', probe: never },
  ]);
  expect(components).toEqual({
    'api.store': { status: 'error', error: 'wrappers: access denied; keys: timed out after 1 s' },
  });
});

test('checks run side by side, and none takes longer than a second', async () => {
  const checks = Array.from({ length: 9 }, (_, at) => ({ component: `c${at}`, probe: never }));
  const { components, tookMs } = await run(checks);
  expect(Object.values(components)).toEqual(Array(9).fill({ status: 'error', error: 'timed out after 1 s' }));
  expect(tookMs).toBe(1000);
});
