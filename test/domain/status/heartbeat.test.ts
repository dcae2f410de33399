import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expiryOf, type Heartbeat, liveHeartbeats } from '../../../lambdas/domain/status/heartbeat.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { testHeartbeat } from '../../support/test-heartbeat.ts';

test('O-6: a sandbox is gone three minutes after its last beat, to the millisecond', () => {
  const beat = testHeartbeat();
  expect(expiryOf(beat)).toBe(MORNING + 180_000);
  expect(liveHeartbeats([beat], MORNING + 179_999)).toEqual([beat]);
  expect(liveHeartbeats([beat], MORNING + 180_000)).toEqual([]);
});

test('O-6: a clock that is ahead does not make one vanish', () => {
  const beat = testHeartbeat({ beatAt: MORNING + 2000 });
  expect(liveHeartbeats([beat], MORNING)).toEqual([beat]);
});

test('O-6: they are sorted by type, then by hostname, in whatever order the store has them', () => {
  const sorted: readonly Heartbeat[] = [
    testHeartbeat({ type: 'agent', hostname: 'dev-poll-feeds-b' }),
    testHeartbeat({ type: 'agent', hostname: 'dev-run-slice-0' }),
    testHeartbeat({ type: 'agent', hostname: 'dev-run-slice-a' }),
    testHeartbeat({ type: 'api', hostname: 'dev-get-wrapper-a' }),
    testHeartbeat({ type: 'api', hostname: 'dev-stop-wrapper-a' }),
  ];
  const shuffled = fc.shuffledSubarray([...sorted], { minLength: sorted.length });
  fc.assert(fc.property(shuffled, (beats) => expect(liveHeartbeats(beats, MORNING)).toEqual(sorted)));
});
