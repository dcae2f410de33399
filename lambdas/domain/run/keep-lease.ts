import type { Clock } from '../clock.ts';
import type { HeldRun } from './held-run.ts';
import type { Timing } from './run-state.ts';
import { renew } from './slice-steps.ts';

/** A lease is renewed three times before it would run out. */
const RENEWALS_PER_LEASE = 3;

/** Renews the lease of a run until `ended` fires, and fires it when the run is fenced. Resolves once it has ended. */
export async function keepLease(
  held: HeldRun,
  ended: AbortController,
  deps: { readonly clock: Clock; readonly timing: Timing },
): Promise<void> {
  const { clock, timing } = deps;
  const everyMs = timing.leaseMs / RENEWALS_PER_LEASE;
  for (;;) {
    await clock.sleep(everyMs, ended.signal);
    if (ended.signal.aborted) return;
    // A batch committed meanwhile has renewed the lease already.
    if ((held.state().leaseUntil ?? 0) - clock.now() > timing.leaseMs - everyMs / 2) continue;
    try {
      const renewed = await held.apply(renew(held.hand, timing));
      if (renewed.outcome !== 'applied') ended.abort();
    } catch {
      // The store is out of reach: the next renewal may do, and if none does, the lease runs out as it should.
    }
  }
}
