import type { Clock } from '../clock.ts';
import { keptFor } from '../kept-for.ts';
import { withinTime } from '../within-time.ts';

/** How each section is collected; the signal tells that nobody waits for it any more. */
export type Collectors<Sections> = {
  readonly [Name in keyof Sections]: (signal: AbortSignal) => Promise<Sections[Name]>;
};

export type CollectDeps = {
  readonly clock: Clock;
  readonly onFailure: (section: string, error: unknown) => void;
};

const COLLECT_MS = 3000;
const KEPT_MS = 15_000;

/**
 * Collects sections, each for three seconds at most, none waiting for another. What failed or took longer is left out;
 * what was collected in the last fifteen seconds is not collected again.
 */
export function sectionCollection<Sections extends object>(
  collectors: Collectors<Sections>,
  { clock, onFailure }: CollectDeps,
): () => Promise<Partial<Sections>> {
  type Name = keyof Sections & string;
  const names = Object.keys(collectors) as Name[];
  const collecting = names.map((name) => {
    const collect = keptFor(KEPT_MS, () => withinTime(COLLECT_MS, collectors[name], clock), clock.now);
    return async (): Promise<readonly (readonly [Name, Sections[Name]])[]> => {
      try {
        return [[name, await collect()]];
      } catch (error) {
        onFailure(name, error);
        return [];
      }
    };
  });
  return async () => {
    const collected = await Promise.all(collecting.map((collect) => collect()));
    return Object.fromEntries(collected.flat()) as Partial<Sections>;
  };
}
