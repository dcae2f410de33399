import { setTimeout as sleep } from 'node:timers/promises';
import type { Definition } from './definition-problems.ts';
import { executionOver, TaskError, TerminalError } from './task-error.ts';

type State = Definition['States'][string];
type Wait = Extract<State, { Type: 'Wait' }>;
type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Longer waits are slept in pieces: a timer of this runtime ends at once beyond 24.8 days. */
const LONGEST_PIECE_MS = 20 * 86_400_000;
const GO_ON_WAITING = 'Local.GoOnWaiting';

/**
 * A Wait until a given instant, as a task that does the waiting: it answers after one piece with an error that is
 * retried until the instant has come. The workflow engine's own Wait would pass a far instant at once.
 */
export function waitingTask({ TimestampPath: _, Type: __, ...common }: Wait): object {
  return {
    ...common,
    Type: 'Task',
    Resource: 'local:wait',
    TimeoutSeconds: (LONGEST_PIECE_MS / 1000) * 1.1,
    Retry: [{ ErrorEquals: [GO_ON_WAITING], IntervalSeconds: 0, MaxAttempts: 1_000_000 }],
  };
}

/** Waits until the instant that `TimestampPath` points to, and hands its input on. */
export function waitUntil(wait: Wait, now: () => number, signal: AbortSignal, pause: Sleep = sleepFor) {
  return async (input: unknown): Promise<unknown> => {
    const remaining = instantAt(wait.TimestampPath ?? '', input) - now();
    await pause(Math.min(Math.max(remaining, 0), LONGEST_PIECE_MS), signal);
    if (signal.aborted) throw executionOver();
    if (remaining > LONGEST_PIECE_MS) throw new TaskError(GO_ON_WAITING, 'the instant has not come yet');
    return input;
  };
}

/** The instant at a plain path (`$.a.b`), in epoch milliseconds; anything but an RFC 3339 text ends the execution. */
function instantAt(path: string, input: unknown): number {
  let value = input;
  for (const field of path.split('.').slice(1)) value = (value as Record<string, unknown> | null | undefined)?.[field];
  const isInstant =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  if (!isInstant) throw new TerminalError('States.Runtime', `${path} does not point to a timestamp`);
  return Date.parse(value as string);
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  // Being aborted is for the caller to see.
  await sleep(ms, undefined, { signal }).catch(() => {});
}
