import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SystemSections } from '../../../lambdas/domain/status/system-sections.ts';
import { type SystemStatus, systemStatusView } from '../../../lambdas/platform/views/system-status-view.ts';
import { MORNING } from '../../support/manual-clock.ts';
import { expectStatusFields } from '../../support/status-fields.ts';
import { testHeartbeat } from '../../support/test-heartbeat.ts';

const own = testHeartbeat({ type: 'api', hostname: 'status-1', startedAt: MORNING - 9_000_000 });
const well = { status: 'ok' } as const;
const base: SystemStatus = {
  components: { 'api.files': well },
  sections: {},
  version: '1.2.3',
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/polls',
  own,
  now: MORNING,
};
/** As a client gets it. */
const shown = (more: Partial<SystemStatus>) => JSON.parse(JSON.stringify(systemStatusView({ ...base, ...more })));

const sections: SystemSections = {
  queues: { polls: { waiting: 5, inFlight: 2 }, deadLetters: { waiting: 3, inFlight: 1 } },
  redelivered: 1,
  runs: { completed: 90, failed: 3, stopped: 7, unfinished: 4 },
  feeds: { at: MORNING, feeds: 10, records: 100, completedPolls: 1000, failedPolls: 20, healthBytes: 4000 },
  tables: [{ name: 'wrappers', keys: 12, bytes: 34_000 }],
  uploadBytes: 5_242_880,
  beats: [testHeartbeat()],
};

test('O-1: without a section there is what is required, and the registry of the one that answers', () => {
  const { registry, ...rest } = shown({});
  expect(rest).toEqual({ status: 'ok', components: { 'api.files': well }, version: '1.2.3', uptime: '2h30m' });
  expect(registry).toMatchObject([{ type: 'api', hostname: 'status-1' }]);
});

test('O-2, O-3: a degraded status has the same keys as one that is ok', () => {
  const failing = { 'api.files': { status: 'error', error: 'access denied' } } as const;
  const [ok, degraded] = [shown({ sections }), shown({ sections, components: failing })];
  expect(degraded).toEqual({ ...ok, status: 'degraded', components: failing });
});

describe('O-5', () => {
  const body = shown({ sections });

  test('streams are the queues, with as many bytes as messages of the mean size', () => {
    expect(body.streams).toEqual([
      { name: 'polls', messages: 7, bytes: 7 * 480, consumers: 1 },
      { name: 'poll-dead-letters', messages: 4, bytes: 4 * 480, consumers: 0 },
    ]);
    expect(body.nats).toEqual({ url: 'https://sqs.eu-west-1.amazonaws.com', version: '2012-11-05' });
  });

  test('consumers are those of the streams', () => {
    expect(body.consumers).toEqual({
      total: 1,
      consumers: [{ name: 'poll-feeds', pending: 5, ack_pending: 2, redelivered: 1 }],
    });
  });

  test('jobs are runs and polls, dead letters apart', () => {
    expect(body.jobs).toEqual({ total: 1131, unprocessed: 5, processing: 6, completed: 1090, failed: 23, dlq: 4 });
  });

  test('tables and buckets are what was collected', () => {
    expect(body.kv_buckets).toEqual(sections.tables);
    expect(body.object_stores).toEqual([{ name: 'files', size: 5_242_880 }]);
  });
});

test('O-1, O-5: whatever was collected, each object has its fields, and nothing is null or empty', () => {
  const depth = fc.record({ waiting: fc.nat(), inFlight: fc.nat() });
  const collected = fc.record(
    {
      queues: fc.record({ polls: depth, deadLetters: depth }),
      redelivered: fc.nat(),
      runs: fc.record({ completed: fc.nat(), failed: fc.nat(), stopped: fc.nat(), unfinished: fc.nat() }),
      feeds: fc.record({
        at: fc.constant(MORNING),
        feeds: fc.nat(),
        records: fc.nat(),
        completedPolls: fc.nat(),
        failedPolls: fc.nat(),
        healthBytes: fc.nat(),
      }),
      tables: fc.constant(sections.tables),
      uploadBytes: fc.nat(),
      beats: fc.subarray([testHeartbeat(), testHeartbeat({ type: 'api', hostname: 'a', conditions: ['LeaseLost'] })]),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(collected, (given) => {
      const body = shown({ sections: given });
      expectStatusFields(body);
      const { total, dlq: _, ...counts } = body.jobs ?? { total: 0 };
      expect(total).toBeGreaterThanOrEqual(Object.values<number>(counts).reduce((sum, each) => sum + each, 0));
      if (body.streams && body.consumers) {
        const consumers = body.streams.map((stream: { consumers: number }) => stream.consumers);
        expect(body.consumers.total).toBe(consumers.reduce((sum: number, each: number) => sum + each, 0));
      }
    }),
  );
});
