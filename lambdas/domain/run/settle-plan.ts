import type { Clock } from '../clock.ts';
import { RetryableError, RunFailure } from '../errors.ts';
import type { ReadingPlan, Source } from '../source.ts';
import type { HeldRun } from './held-run.ts';
import type { RunState } from './run-state.ts';
import type { RunHistory } from './run-store.ts';
import { note, rewind, type SliceRefusal } from './slice-steps.ts';

export type SettledPlan =
  | { readonly outcome: 'read'; readonly plan: ReadingPlan }
  | { readonly outcome: 'nothing-new' }
  | { readonly outcome: SliceRefusal };

/** How long a source that may come back is waited for before the first point, so that execute's answer is final. */
const FIRST_PATIENCE_MS = 10_000;

/**
 * Looks at the source and settles how it is read: by the plan pinned for this lineage if it is still the same version,
 * from the beginning of a new lineage if another version came after the last one was read to its end.
 *
 * @throws RunFailure `file changed since the checkpoint` when it was replaced half-way.
 */
export async function settlePlan(
  source: Source,
  held: HeldRun,
  signal: AbortSignal,
  deps: { readonly history: RunHistory; readonly clock: Clock },
): Promise<SettledPlan> {
  const [found, pinned] = await Promise.all([
    look(source, signal, deps.clock),
    deps.history.loadPlan(held.state().wrapperId, held.state().checkpoint.lineage),
  ]);
  if (pinned?.version === found.version) {
    if (held.state().checkpoint.exhausted && !held.state().pending) return { outcome: 'nothing-new' };
    return noted(pinned, held);
  }
  if (pinned) {
    if (isHalfRead(held.state())) throw changed();
    const rewound = await held.apply(rewind(held.hand));
    if (rewound.outcome !== 'applied') return { outcome: rewound.outcome };
  }
  const { wrapperId, checkpoint } = held.state();
  return noted(await deps.history.pinPlan(wrapperId, checkpoint.lineage, found), held);
}

async function noted(plan: ReadingPlan, held: HeldRun): Promise<SettledPlan> {
  if (plan.notes.length === 0) return { outcome: 'read', plan };
  const kept = await held.apply(note(held.hand, plan.notes));
  return kept.outcome === 'applied' ? { outcome: 'read', plan } : { outcome: kept.outcome };
}

function isHalfRead(state: RunState): boolean {
  const { checkpoint, pending } = state;
  return pending !== null || (checkpoint.position !== null && !checkpoint.exhausted);
}

function changed(): RunFailure {
  return new RunFailure(
    'refused',
    'file changed since the checkpoint; execute with ?from=start to read the new file from its first row',
  );
}

async function look(source: Source, signal: AbortSignal, clock: Clock): Promise<ReadingPlan> {
  const until = clock.now() + FIRST_PATIENCE_MS;
  for (let pauseMs = 500; ; pauseMs *= 2) {
    try {
      return await source.prepare(signal);
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      if (clock.now() + pauseMs > until) throw new RunFailure('unavailable', error.message, { cause: error });
      await clock.sleep(pauseMs, signal);
    }
  }
}
