import { describe, expect, test } from '@jest/globals';
import { waitUntil } from '../../../../local/engine/workflows/wait-until.ts';

const DAY = 86_400_000;
const wait = { Type: 'Wait', TimestampPath: '$.next.at', Next: 'Work' } as const;

function waiter(start: string) {
  const clock = { now: Date.parse(start) };
  const pauses: number[] = [];
  const over = new AbortController();
  const pause = async (ms: number): Promise<void> => {
    pauses.push(ms);
    clock.now += ms;
  };
  return { run: waitUntil(wait, () => clock.now, over.signal, pause), pauses, over };
}

describe('a wait until an instant', () => {
  test('lasts until then, and hands its input on', async () => {
    const { run, pauses } = waiter('2026-01-01T00:00:00Z');
    const input = { next: { at: '2026-01-01T00:01:30Z' }, other: 1 };
    expect(await run(input)).toBe(input);
    expect(pauses).toEqual([90_000]);
  });

  test('in the past is over at once', async () => {
    const { run, pauses } = waiter('2026-01-01T00:00:00Z');
    await run({ next: { at: '2025-01-01T00:00:00Z' } });
    expect(pauses).toEqual([0]);
  });

  test('of a year is waited for in pieces', async () => {
    const { run, pauses } = waiter('2026-01-01T00:00:00Z');
    const input = { next: { at: '2026-02-15T00:00:00Z' } };
    await expect(run(input)).rejects.toMatchObject({ name: 'Local.GoOnWaiting' });
    await expect(run(input)).rejects.toMatchObject({ name: 'Local.GoOnWaiting' });
    expect(await run(input)).toBe(input);
    expect(pauses).toEqual([20 * DAY, 20 * DAY, 5 * DAY]);
  });

  test.each([
    ['nothing', {}],
    ['a number', { next: { at: 5 } }],
    ['a date', { next: { at: '2026-01-01' } }],
  ])('that points to %s ends the execution', async (_, input) => {
    const { run } = waiter('2026-01-01T00:00:00Z');
    await expect(run(input)).rejects.toMatchObject({ name: 'States.Runtime', isCatchable: false, isRetryable: false });
  });

  test('ends when the execution is stopped', async () => {
    const { run, over } = waiter('2026-01-01T00:00:00Z');
    over.abort();
    await expect(run({ next: { at: '2026-01-01T00:00:01Z' } })).rejects.toMatchObject({ isRetryable: false });
  });
});
