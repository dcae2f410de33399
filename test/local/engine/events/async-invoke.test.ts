import { expect, test } from '@jest/globals';
import { createAsyncInvoker } from '../../../../local/engine/events/async-invoke.ts';
import type { LambdaFunction } from '../../../../local/engine/functions/lambda-function.ts';
import { failure, type Outcome } from '../../../../local/engine/functions/outcome.ts';

function fakeFunction(outcomes: Outcome[], onDone: () => void): { fn: LambdaFunction; events: unknown[] } {
  const events: unknown[] = [];
  const fn: LambdaFunction = {
    invoke: async (event) => {
      events.push(event);
      const outcome = outcomes[events.length - 1] ?? failure('threw', 'Error', 'no more outcomes');
      if (events.length === outcomes.length) setImmediate(onDone);
      return outcome;
    },
    sandboxes: () => [],
    peakKb: () => 0,
    close: async () => {},
  };
  return { fn, events };
}

const boom = failure('threw', 'Error', 'boom');

test('a failed invocation is repeated with the same event until it succeeds', async () => {
  const done = Promise.withResolvers<void>();
  const { fn, events } = fakeFunction([boom, { kind: 'returned', payload: null }], done.resolve);
  const invoker = createAsyncInvoker({ functions: new Map([['fn', fn]]), retriesOf: () => 2, log: () => {} }, [1]);
  invoker.invoke('fn', { n: 1 });
  await done.promise;
  expect(events).toEqual([{ n: 1 }, { n: 1 }]);
});

test('an event that fails to the last is dropped, and said to be', async () => {
  const lines = Promise.withResolvers<string>();
  const { fn, events } = fakeFunction([boom, boom, boom], () => {});
  const invoker = createAsyncInvoker(
    { functions: new Map([['fn', fn]]), retriesOf: () => 2, log: lines.resolve },
    [1, 1],
  );
  invoker.invoke('fn', {});
  expect(await lines.promise).toBe('event dropped after 3 attempts: fn: Error');
  expect(events).toHaveLength(3);
});

test('closing ends a wait for the next attempt', async () => {
  const done = Promise.withResolvers<void>();
  const { fn, events } = fakeFunction([boom], done.resolve);
  const logged: string[] = [];
  const invoker = createAsyncInvoker({
    functions: new Map([['fn', fn]]),
    retriesOf: () => 2,
    log: (line) => logged.push(line),
  });
  invoker.invoke('fn', {});
  await done.promise;
  invoker.close();
  expect(events).toHaveLength(1);
  expect(logged).toEqual([]);
});
