import type { IncrementalConfig } from './config.ts';
import type { CursorFormat } from './cursor-format.ts';
import { durationMs } from './duration.ts';
import type { ApiPosition, Pass } from './position.ts';

const YEAR_1 = -62_135_596_800_000;

/** Plans the passes over a source that keeps water marks. `high` and `low` are the marks so far. */
export type Passes = {
  /** The first pass over history. */
  first(): Pass;
  /** What follows a pass that was read to its end; undefined: nothing of the same phase does. */
  after(position: ApiPosition): Pass | undefined;
  /** A look at what has come; undefined: nothing was ever found, so history is read again. */
  again(position: ApiPosition): Pass | undefined;
  /** Records below this can't come again. */
  forgetBelow(high: number): number;
};

export type PassesOptions = {
  readonly config: IncrementalConfig;
  readonly format: CursorFormat;
  /** When history was begun. Only decides how it is cut into windows: all windows together cover all of time. */
  readonly anchor: number;
};

/**
 * History backwards in windows: the first is open towards the future, so that it has the newest records whatever the
 * clock says; the others join it without a gap. Without `step` or without both parameters, it is one pass. Then forward
 * from the high mark, in one open pass each time: where it would have to end, only the clock could tell.
 */
export function passesOf({ config, format, anchor }: PassesOptions): Passes {
  const start = config.start === undefined ? null : Date.parse(config.start);
  const begin = start ?? YEAR_1;
  const lookback = config.lookback === undefined ? 0 : durationMs(config.lookback);
  const isWindowed = config.step !== undefined && config.from_param !== undefined && config.to_param !== undefined;
  const step = isWindowed ? durationMs(config.step as string) : Number.POSITIVE_INFINITY;
  const markOf = ({ high }: ApiPosition) => (high === undefined ? undefined : format.read(high));

  /**
   * The window before `to`. Where nothing says how far back history goes, each reaches as far again as all before it
   * together, until something was found: else an upstream that has been silent for years would take a day of requests.
   */
  function backwards(to: number, isFound: boolean): Pass | undefined {
    if (to <= begin) return undefined;
    const width = isFound || start !== null ? step : Math.max(step, anchor - to);
    return { phase: 'historical', from: Math.max(to - width, begin), to };
  }

  function forward(from: number): Pass {
    return { phase: 'continuous', from, to: null };
  }

  return {
    first() {
      if (!isWindowed) return { phase: 'historical', from: start, to: null };
      return { phase: 'historical', from: Math.max(anchor - step, begin), to: null };
    },
    after(position) {
      const { pass } = position;
      const high = markOf(position);
      if (pass === undefined || pass.phase === 'continuous') return undefined;
      const isEnd = start === null && high !== undefined && pass.found === undefined;
      if (isEnd || !isWindowed || pass.from === null) return undefined;
      return backwards(pass.from, high !== undefined);
    },
    again(position) {
      const high = markOf(position);
      return high === undefined ? undefined : forward(Math.max(high - lookback, YEAR_1));
    },
    forgetBelow: (high) => high - lookback,
  };
}
