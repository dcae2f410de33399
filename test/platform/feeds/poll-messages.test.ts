import { describe, expect, test } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import type { DuePoll, PollReport } from '../../../lambdas/domain/feeds/settle-poll.ts';
import { pollMessages } from '../../../lambdas/platform/feeds/poll-messages.ts';
import { testAdapter } from '../../support/feeds/test-adapter.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const report: PollReport = { outcome: 'success', code: null, lagMs: 0, durationMs: 5, recordsWritten: 0 };
const job = (adapter_id: string, health = testHealth({ adapterId: adapter_id })) =>
  JSON.stringify({ adapter_id, due: MORNING, health });

const dueAt = (due: number) => JSON.stringify({ adapter_id: 'one', due, health: null });

function message(messageId: string, body: string, receives = 1): SQSRecord {
  return { messageId, body, attributes: { ApproximateReceiveCount: String(receives) } } as SQSRecord;
}

/** Delivers these messages to polls of which the one of `breaks` can't be done. */
async function deliver(...records: readonly SQSRecord[]) {
  const polled: [string, DuePoll][] = [];
  const measured: (readonly PollReport[])[] = [];
  const answer = await pollMessages(
    { Records: [...records] },
    {
      adapters: new Map(['one', 'two', 'breaks'].map((id) => [id, testAdapter({ id })])),
      async poll(poll, { id }) {
        if (id === 'breaks') throw new RetryableError('the store is unavailable');
        polled.push([id, poll]);
        return report;
      },
      now: () => MORNING,
      measure: (reports) => void measured.push(reports),
    },
  );
  return { polled, measured, failed: answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('a batch of messages', () => {
  test('is polled, each with what is known of it', async () => {
    const { polled, measured, failed } = await deliver(message('m-1', job('one')), message('m-2', job('two'), 2));
    expect(polled).toEqual([
      ['one', { due: MORNING, health: testHealth({ adapterId: 'one' }), redelivered: false }],
      ['two', { due: MORNING, health: testHealth({ adapterId: 'two' }), redelivered: true }],
    ]);
    expect(measured).toEqual([[report, report]]);
    expect(failed).toEqual([]);
  });

  test.each([
    ['no JSON', 'poison'],
    ['something else', '{"adapter_id": "one"}'],
    ['a list', '[]'],
    ['health that is none', `{"adapter_id": "one", "due": ${MORNING}, "health": "well"}`],
    ['due before there were any', '{"adapter_id": "one", "due": 1, "health": null}'],
    ['due in years, for the feed would not be polled until then', dueAt(Date.UTC(2099, 0))],
    ['due later than clocks differ', dueAt(MORNING + 5 * 60_000 + 1)],
  ])('in which one is %s fails for that one only', async (_name, body) => {
    const { polled, failed } = await deliver(message('m-1', body), message('m-2', job('two')));
    expect(failed).toEqual(['m-1']);
    expect(polled).toHaveLength(1);
  });

  test('is polled though our clock is behind that of the dispatcher', async () => {
    const { polled, failed } = await deliver(message('m-1', dueAt(MORNING + 5 * 60_000)));
    expect(failed).toEqual([]);
    expect(polled).toHaveLength(1);
  });

  test('of which one can not be done now has that one delivered again', async () => {
    const { polled, failed } = await deliver(message('m-1', job('breaks')), message('m-2', job('two')));
    expect(failed).toEqual(['m-1']);
    expect(polled).toHaveLength(1);
  });

  test('for an adapter that is no longer there is done with it', async () => {
    const { polled, measured, failed } = await deliver(message('m-1', job('gone')));
    expect([polled, measured, failed]).toEqual([[], [], []]);
  });
});
