import type { Clock } from '../clock.ts';
import { OverdueError, withinTime } from '../within-time.ts';
import type { Components } from './component-health.ts';

/** A look at one thing that a component needs. */
export type Check = {
  /** Such as `store`; several checks may be about one component. */
  readonly component: string;
  /** Which of them this is: a table, a schedule. */
  readonly part?: string;
  /** What is wrong with it, in a word or two; null if nothing is. Its errors are problems too, by `causeOf`. */
  probe(signal: AbortSignal): Promise<string | null>;
};

export type CheckDeps = {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Why a call failed, in a word or two that give nothing away. */
  causeOf(error: unknown): string;
};

/** What has not answered by then is as good as gone: an answer about health is wanted quickly. */
const CHECK_MS = 1000;

/** All at once, each for a second at most: components as they are now, in the order of their checks. */
export async function checkComponents(checks: readonly Check[], deps: CheckDeps): Promise<Components> {
  const problems = await Promise.all(checks.map((check) => problemOf(check, deps)));
  const found = checks.map(({ component }, at) => ({ name: `api.${component}`, problem: problems[at] ?? null }));
  const byName = Map.groupBy(found, ({ name }) => name);
  return Object.fromEntries(
    [...byName].map(([name, parts]) => {
      const errors = parts.flatMap(({ problem }) => problem ?? []);
      return [name, errors.length === 0 ? { status: 'ok' } : { status: 'error', error: errors.join('; ') }];
    }),
  );
}

async function problemOf({ part, probe }: Check, { clock, causeOf }: CheckDeps): Promise<string | null> {
  const problem = await withinTime(CHECK_MS, probe, clock).catch((error: unknown) =>
    error instanceof OverdueError ? error.message : causeOf(error),
  );
  return problem === null || part === undefined ? problem : `${part}: ${problem}`;
}
