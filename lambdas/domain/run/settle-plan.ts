import type { Clock } from '../clock.ts';
import { RetryableError, RunFailure } from '../errors.ts';
import type { FileChanged } from '../file-changed.ts';
import type { ReadingPlan, Source } from '../source.ts';
import type { HeldRun } from './held-run.ts';
import { outlastsTrouble } from './outage.ts';
import type { RunState } from './run-state.ts';
import type { RunHistory } from './run-store.ts';
import { note, rewind, type SliceRefusal } from './slice-steps.ts';

export type SettledPlan =
  | { readonly outcome: 'read'; readonly plan: ReadingPlan }
  | { readonly outcome: 'nothing-new' }
  | { readonly outcome: SliceRefusal };

/** At the first look, so that execute's answer is final; and where waiting goes on outside of the slice. */
const FIRST_PATIENCE_MS = 10_000;
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 15_000;

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
  const pinned = await deps.history.loadPlan(held.state().wrapperId, held.state().checkpoint.plan);
  const prepare = () => source.prepare(signal, pinned ?? undefined);
  const found = await look(prepare, held.state(), signal, deps.clock);
  if (pinned?.version === found.version) {
    const { checkpoint, pending } = held.state();
    const isOver = checkpoint.exhausted && !pending;
    if (isOver && found.afterEnd !== 'onward' && found.afterEnd !== 'again') return { outcome: 'nothing-new' };
    if (!isOver || found.afterEnd === 'onward') return noted(pinned, held);
  }
  if (pinned) {
    if (isHalfRead(held.state())) throw changedSinceCheckpoint();
    const rewound = await held.apply(rewind(held.hand));
    if (rewound.outcome !== 'applied') return { outcome: rewound.outcome };
  }
  const { wrapperId, checkpoint } = held.state();
  return noted(await deps.history.pinPlan(wrapperId, checkpoint.plan, found), held);
}

async function noted(plan: ReadingPlan, held: HeldRun): Promise<SettledPlan> {
  if (plan.notes.length === 0) return { outcome: 'read', plan };
  const kept = await held.apply(note(held.hand, plan.notes));
  return kept.outcome === 'applied' ? { outcome: 'read', plan } : { outcome: kept.outcome };
}

/** What a file that changed means to a run: whether anything of the older version was delivered (contract W-14). */
export function changedSince(state: RunState, change: FileChanged): RunFailure {
  return isHalfRead(state) ? changedSinceCheckpoint(change) : change;
}

function changedSinceCheckpoint(cause?: FileChanged): RunFailure {
  const message = 'file changed since the checkpoint; execute with ?from=start to read the new file from its first row';
  return new RunFailure('refused', message, { cause });
}

function isHalfRead(state: RunState): boolean {
  const { checkpoint, pending } = state;
  return pending !== null || (checkpoint.position !== null && !checkpoint.exhausted);
}

/** Another look is taken only if one as slow as the last would still be in time. */
async function look(
  prepare: () => Promise<ReadingPlan>,
  state: RunState,
  signal: AbortSignal,
  clock: Clock,
): Promise<ReadingPlan> {
  const isFirst = (state.run?.counts.recordsRead ?? 0) === 0;
  const until = clock.now() + (isFirst || outlastsTrouble(state) ? FIRST_PATIENCE_MS : PATIENCE_MS);
  for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const began = clock.now();
    try {
      return await prepare();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      const now = clock.now();
      if (now + pauseMs + (now - began) > until)
        throw isFirst
          ? new RunFailure('unavailable', error.message, { cause: error, mayMend: true })
          : sourceLost(error);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** A run that has reached its source and lost it for good has failed; it was not refused. */
export function sourceLost(cause: RetryableError): RunFailure {
  return new RunFailure('failed', 'Failed to connect to data source', { cause, mayMend: true });
}
