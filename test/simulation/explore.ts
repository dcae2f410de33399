import fc from 'fast-check';
import { play } from './play.ts';
import { type Schedule, schedules } from './schedule.ts';

/**
 * Plays so many schedules of a seed, up to the first that breaks an invariant. Answers null, or what it breaks, the
 * schedule of fewest events that breaks it, and the command that plays that again.
 */
export async function explore(options: { readonly seed: number; readonly schedules: number }): Promise<string | null> {
  const property = fc.asyncProperty(schedules, async (schedule) => {
    const problems = await problemsOf(schedule);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const found = await fc.check(property, { seed: options.seed, numRuns: options.schedules });
  if (!found.failed) return null;
  const [schedule] = found.counterexample ?? [];
  return [
    String(found.errorInstance),
    `seed ${found.seed}, schedule ${found.numRuns}, made as small as it will get (${found.numShrinks} steps). Again:`,
    `npm run simulate -- --replay '${JSON.stringify(schedule)}'`,
  ].join('\n');
}

/** Plays one schedule and prints what happens. Answers null, or what it breaks. */
export async function trace(json: string): Promise<string | null> {
  const problems = await play(JSON.parse(json) as Schedule, (line) => console.log(line));
  return problems.length > 0 ? problems.join('\n') : null;
}

async function problemsOf(schedule: Schedule): Promise<readonly string[]> {
  try {
    return await play(schedule);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
