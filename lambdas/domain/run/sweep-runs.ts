import { type HealthStatus, verdict } from './health.ts';
import { mendRun, type ReconcileDeps, type Reconciled } from './reconcile-run.ts';

type SweepDeps = ReconcileDeps & {
  /** For the log: how a wrapper was found, and what was done about it. */
  readonly onLook: (wrapperId: string, health: HealthStatus, outcome: Reconciled) => void;
  readonly onTrouble: (wrapperId: string, error: unknown) => void;
};

export type Sweep = {
  /** How many unfinished wrappers had each health as they were found; one that none had is left out. */
  readonly verdicts: ReadonlyMap<HealthStatus, number>;
  /** Wrappers that could not be looked at or mended; the next sweep tries again. */
  readonly troubled: number;
};

/** Looks at all wrappers that are executing or unsettled, and mends what a crash has left of them. */
export async function sweepRuns(deps: SweepDeps): Promise<Sweep> {
  const verdicts = new Map<HealthStatus, number>();
  let troubled = 0;
  for await (const wrapperId of deps.store.unfinished()) {
    try {
      const state = await deps.store.load(wrapperId);
      if (!state) continue;
      const { status } = verdict(state, deps.clock.now());
      if (!state.deleted) verdicts.set(status, (verdicts.get(status) ?? 0) + 1);
      deps.onLook(wrapperId, status, await mendRun(state, deps));
    } catch (error) {
      // One wrapper in trouble must not keep the others from being looked at.
      troubled += 1;
      deps.onTrouble(wrapperId, error);
    }
  }
  return { verdicts, troubled };
}
