import { beforeAll, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { dispatchPolls } from '../../../lambdas/domain/feeds/dispatch-polls.ts';
import type { PollReport } from '../../../lambdas/domain/feeds/settle-poll.ts';
import { pollMessages } from '../../../lambdas/platform/feeds/poll-messages.ts';
import { logOf, type Sample, samplesIn } from '../../support/captured-metrics.ts';
import { memoryFeedStore } from '../../support/feeds/memory-feed-store.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

/* What CloudWatch reads out of the logs of the two functions of polling: the lines are parsed as it parses them. */

let measures: typeof import('../../../lambdas/platform/feeds/feed-metrics.ts');
beforeAll(async () => {
  process.env.DEPLOYMENT = 'headgate-test';
  measures = await import('../../../lambdas/platform/feeds/feed-metrics.ts');
});

const ALL = { service: 'headgate-test' };
const sample = (name: string, unit: string, value: number, dimensions = {}): Sample => {
  return { namespace: 'Headgate', name, unit, dimensions: { ...ALL, ...dimensions }, value };
};
const inOrder = (samples: readonly Sample[]) => samples.map((one) => JSON.stringify(one)).sort();

test('a batch of polls is measured once: how late and how long each was, and how many ended how', async () => {
  const reports: Readonly<Record<string, PollReport>> = {
    good: { outcome: 'success', code: null, lagMs: 0, durationMs: 340, recordsWritten: 2 },
    'just-as-good': { outcome: 'success', code: null, lagMs: 1200, durationMs: 15, recordsWritten: 0 },
    gone: { outcome: 'upstream_http_failure', code: 'UPSTREAM_HTTP_503', lagMs: 5, durationMs: 7, recordsWritten: 0 },
    old: { outcome: 'superseded', code: null, lagMs: 9000, durationMs: 0, recordsWritten: 0 },
  };
  const ids = [...Object.keys(reports), 'breaks'];
  const records = ids.map((id) => {
    const body = JSON.stringify({ adapter_id: id, due: MORNING, health: null });
    return { messageId: id, body, attributes: { ApproximateReceiveCount: '1' } } as SQSRecord;
  });
  const log = await logOf(() =>
    pollMessages(
      { Records: records },
      {
        adapters: new Map(ids.map((id) => [id, testAdapter({ id })])),
        async poll(_poll, { id }) {
          const report = reports[id];
          if (report === undefined) throw new Error('the store is unavailable');
          return report;
        },
        now: () => MORNING,
        measure: measures.measurePolls,
      },
    ),
  );
  expect(inOrder(samplesIn(log))).toEqual(
    inOrder([
      ...[0, 1200, 5, 9000].map((ms) => sample('PollQueueLag', 'Milliseconds', ms)),
      ...[340, 15, 7, 0].map((ms) => sample('PollDuration', 'Milliseconds', ms)),
      sample('Polls', 'Count', 2, { outcome: 'success' }),
      sample('Polls', 'Count', 1, { outcome: 'upstream_http_failure' }),
      sample('Polls', 'Count', 1, { outcome: 'superseded' }),
    ]),
  );
});

test('a tick of the dispatcher shows that it lives, the age of the oldest feed, and how many feeds are how', async () => {
  const store = memoryFeedStore();
  const adapters = ['one', 'two', 'three', 'new'].map((id) => testAdapter({ id }));
  store.place('one', testHealth({ adapterId: 'one' }));
  store.place('two', testHealth({ adapterId: 'two' }));
  store.place('three', testHealth({ adapterId: 'three', outcome: 'upstream_timeout', consecutiveFailures: 1 }));
  const tick = async () => {
    const heartbeat = { load: async () => null, record: async () => undefined };
    const send = async () => 0;
    return dispatchPolls({ ...store, adapters, heartbeat, send, now: () => MORNING + 30_000 });
  };
  const log = await logOf(async () => measures.measureTick(await tick()));
  expect(inOrder(samplesIn(log))).toEqual(
    inOrder([
      sample('DispatcherHeartbeat', 'Count', 1),
      sample('FeedAge', 'Seconds', 90),
      sample('AdaptersByStatus', 'Count', 2, { status: 'healthy' }),
      sample('AdaptersByStatus', 'Count', 1, { status: 'degraded' }),
      sample('AdaptersByStatus', 'Count', 1, { status: 'initializing' }),
    ]),
  );
});
