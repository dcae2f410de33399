import { beforeEach, describe, expect, test } from '@jest/globals';
import { whileBeating } from '../../../lambdas/domain/status/while-beating.ts';
import { type ManualClock, MORNING, manualClock } from '../../support/manual-clock.ts';

let clock: ManualClock;
let beats: number[];
let beatMs: number;
let isHeard: boolean;
let working: ReturnType<typeof whileBeating>;
beforeEach(() => {
  clock = manualClock();
  beats = [];
  beatMs = 0;
  isHeard = true;
  const beat = async () => {
    beats.push((clock.now() - MORNING) / 1000);
    if (beatMs > 0) await clock.sleep(beatMs);
    return isHeard;
  };
  working = whileBeating(beat, clock);
});

/** Works for so long, and answers when it was over, in seconds. */
async function work(seconds: number): Promise<number> {
  await clock.run(working(() => clock.sleep(seconds * 1000)));
  return (clock.now() - MORNING) / 1000;
}

test('work is answered as it ends, well or not', async () => {
  expect(await clock.run(working(async () => 'done'))).toBe('done');
  await expect(clock.run(working(() => Promise.reject(new Error('a bug'))))).rejects.toThrow('a bug');
});

test('the first work beats, and what follows within the minute does not', async () => {
  for (const seconds of [1, 20, 38]) await work(seconds);
  expect(beats).toEqual([0]);
  await clock.advance(1000);
  await work(1);
  expect(beats).toEqual([0, 60]);
});

test('work that lasts beats each minute, and no longer than it lasts', async () => {
  expect(await work(150)).toBe(150);
  await clock.advance(600_000);
  expect(beats).toEqual([0, 60, 120]);
});

test('work that begins before the minute is over beats when it is, if it still lasts', async () => {
  await work(45);
  await work(30);
  expect(beats).toEqual([0, 60]);
});

test('two at once beat as one', async () => {
  await Promise.all([work(90), work(90)]);
  expect(beats).toEqual([0, 60]);
});

test('a beat that was not heard is repeated, though not with each piece of work', async () => {
  isHeard = false;
  for (const seconds of [1, 8]) await work(seconds);
  expect(beats).toEqual([0]);
  isHeard = true;
  await work(70);
  expect(beats).toEqual([0, 10, 70]);
});

describe('a beat that takes long', () => {
  beforeEach(() => {
    beatMs = 800;
  });

  test('goes on beside the work', async () => {
    expect(await work(10)).toBe(10);
  });

  test('is waited for when the work is done sooner: nothing may be left in a frozen sandbox', async () => {
    expect(await work(0.1)).toBe(0.8);
  });
});
