import { expect, test } from '@jest/globals';
import { adapterHealthView } from '../../../lambdas/platform/views/adapter-health-view.ts';
import { feedHealthView } from '../../../lambdas/platform/views/feed-health-view.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const adapter = testAdapter();
const seconds = (at: number) => new Date(at).toISOString().replace('.000Z', 'Z');
const milliseconds = (at: number) => new Date(at).toISOString();

/** Keys in their order, as clients that print them expect. */
const KEYS =
  'adapter_id jurisdiction feed_type status live_aggregation_eligible last_successful_fetch last_attempted_fetch consecutive_failures last_error record_count average_latency_ms processor';
const PROCESSOR_KEYS =
  'last_completed_cycle last_job_enqueued_at last_job_started_at last_job_completed_at last_queue_lag_ms last_job_duration_ms last_job_outcome last_job_error';

test('M-7: times of fetches are whole seconds, those of the processor have three decimals, and durations are theirs', () => {
  const shown = adapterHealthView(adapter, { health: testHealth(), completedCycle: MORNING }, MORNING + 60_000);
  expect(shown).toEqual({
    adapter_id: 'test-feed',
    jurisdiction: 'US-CA',
    feed_type: 'test-things',
    status: 'healthy',
    live_aggregation_eligible: true,
    last_successful_fetch: seconds(MORNING),
    last_attempted_fetch: seconds(MORNING),
    consecutive_failures: 0,
    last_error: null,
    record_count: 2,
    average_latency_ms: 340,
    processor: {
      last_completed_cycle: milliseconds(MORNING),
      last_job_enqueued_at: milliseconds(MORNING),
      last_job_started_at: milliseconds(MORNING + 1000),
      last_job_completed_at: milliseconds(MORNING + 2250),
      last_queue_lag_ms: 1000,
      last_job_duration_ms: 1250,
      last_job_outcome: 'success',
      last_job_error: null,
    },
  });
});

test.each([
  ['healthy', { health: testHealth(), completedCycle: MORNING }],
  ['unknown', { health: null, completedCycle: MORNING }],
  ['initializing', { health: null, completedCycle: null }],
])('has every key when %s, and no other', (status, stored) => {
  const shown = adapterHealthView(adapter, stored, MORNING + 60_000);
  expect(shown.status).toBe(status);
  expect(Object.keys(shown).join(' ')).toBe(KEYS);
  expect(Object.keys(shown.processor).join(' ')).toBe(PROCESSOR_KEYS);
});

test('M-4: lost health shows the cycle that is left of it and nothing else', () => {
  const shown = adapterHealthView(adapter, { health: null, completedCycle: MORNING }, MORNING + 60_000);
  expect(shown).toMatchObject({
    status: 'unknown',
    live_aggregation_eligible: false,
    last_successful_fetch: seconds(MORNING),
    last_attempted_fetch: null,
    consecutive_failures: 0,
    processor: { last_completed_cycle: milliseconds(MORNING), last_job_enqueued_at: null, last_queue_lag_ms: null },
  });
});

test('M-5: the list has each adapter as it is shown alone, in the order of the registry', () => {
  const adapters = ['b', 'a', 'c'].map((id) => testAdapter({ id }));
  const stored = { health: testHealth({ adapterId: 'a', outcome: 'partial_success' }), completedCycle: MORNING };
  const shown = feedHealthView(adapters, new Map([['a', stored]]), MORNING + 60_000);
  const never = { health: null, completedCycle: null };
  expect(shown).toEqual({
    overall: 'degraded',
    adapters: adapters.map((one) => adapterHealthView(one, one.id === 'a' ? stored : never, MORNING + 60_000)),
  });
});
