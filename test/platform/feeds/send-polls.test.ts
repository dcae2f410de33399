import { expect, test } from '@jest/globals';
import { PollJob } from '../../../lambdas/contracts/messages.ts';
import type { PlannedPoll } from '../../../lambdas/domain/feeds/plan-tick.ts';
import { sendPolls } from '../../../lambdas/platform/feeds/send-polls.ts';
import { capturedQueue } from '../../support/feeds/captured-queue.ts';
import { testHealth } from '../../support/feeds/test-health.ts';
import { MORNING } from '../../support/manual-clock.ts';

const polls = (count: number): PlannedPoll[] =>
  Array.from({ length: count }, (_, index) => {
    const adapterId = `feed-${index}`;
    const health = index % 2 === 0 ? testHealth({ adapterId }) : null;
    return { adapterId, due: MORNING + index * 1000, health, delaySeconds: index % 60 };
  });

const jobsOf = (queue: ReturnType<typeof capturedQueue>) =>
  queue.taken.map(({ MessageBody }) => PollJob.parse(JSON.parse(String(MessageBody))));

test('polls leave ten at a time, each with its delay and what is known of the feed', async () => {
  const queue = capturedQueue();
  expect(await sendPolls('https://queue.test/polls', queue.client)(polls(25))).toBe(0);
  expect(queue.calls.map(({ length }) => length)).toEqual([10, 10, 5]);
  expect(jobsOf(queue)).toEqual(
    polls(25).map(({ adapterId, due, health }) => ({ adapter_id: adapterId, due, health })),
  );
  expect(queue.taken[7]?.DelaySeconds).toBe(7);
});

test('what is refused is sent again, and nothing else is', async () => {
  const queue = capturedQueue();
  queue.refuses = ({ Id }, call) => call < 2 && Number(Id) % 5 === 0;
  expect(await sendPolls('https://queue.test/polls', queue.client)(polls(20))).toBe(0);
  expect(queue.calls.map(({ length }) => length)).toEqual([10, 10, 4]);
  expect(new Set(jobsOf(queue).map(({ adapter_id }) => adapter_id)).size).toBe(20);
  expect(queue.taken).toHaveLength(20);
});

test('what is refused for good is told', async () => {
  const queue = capturedQueue();
  queue.refuses = ({ Id }) => Id === '3';
  expect(await sendPolls('https://queue.test/polls', queue.client)(polls(12))).toBe(1);
  expect(queue.calls.map(({ length }) => length)).toEqual([10, 2, 1, 1]);
});

test('a queue that does not answer has taken nothing', async () => {
  const queue = capturedQueue();
  queue.refuses = () => {
    throw new Error('out of reach');
  };
  expect(await sendPolls('https://queue.test/polls', queue.client)(polls(12))).toBe(12);
});
