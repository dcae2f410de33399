import { expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { isBacklog } from '../../../lambdas/platform/feeds/is-backlog.ts';
import { MORNING } from '../../support/manual-clock.ts';

function batchOf(...waitedSeconds: number[]): SQSEvent {
  const records = waitedSeconds.map((seconds) => ({
    attributes: {
      SentTimestamp: String(MORNING),
      ApproximateFirstReceiveTimestamp: String(MORNING + seconds * 1000),
      ApproximateReceiveCount: '3',
    },
  }));
  return { Records: records } as SQSEvent;
}

test('O-6: the queue lags behind when a message waits for a minute beyond the longest delay', () => {
  expect(isBacklog(batchOf(1, 140, 195))).toBe(false);
  expect(isBacklog(batchOf(1, 195.001))).toBe(true);
});

test('no messages, and none that tell when they came, are no backlog', () => {
  expect(isBacklog(batchOf())).toBe(false);
  expect(isBacklog({ Records: [{ attributes: { ApproximateReceiveCount: '1' } }] } as SQSEvent)).toBe(false);
});
