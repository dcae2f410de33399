import { prices } from '../prices.ts';
import { noCounts, type Run } from './run-state.ts';

/** Per slice: the slice itself and the choice after it. Per run: the start and the end. */
const TRANSITIONS_PER_SLICE = 2;
const TRANSITIONS_PER_RUN = 2;
/** A run's state is 1 to 2 KB, and its begin, claims, commits, end and settlement are writes of it. */
const WRITE_UNITS_PER_STATE = 2;
const STATE_WRITES_PER_RUN = 5;
const READS_PER_SLICE = 3;

export type Cost = { readonly total: number; readonly components: Readonly<Record<string, number>> };

/**
 * What a run cost, estimated from its counts. Transfer, storage, logs, secrets and attempts at the destination that
 * failed are not in it.
 */
export function estimateCost(run: Run, now: number): Cost {
  const { slices, batches, quarantined, busyMs, fees } = { ...noCounts, ...run.counts };
  const seconds = (busyMs + (run.busySince === null ? 0 : now - run.busySince)) / 1000;
  const writes = WRITE_UNITS_PER_STATE * (batches + slices + STATE_WRITES_PER_RUN) + quarantined;
  const components = {
    lambda: seconds * (run.memoryMb / 1024) * prices.lambdaGbSecond + slices * prices.lambdaRequest,
    step_functions: (slices * TRANSITIONS_PER_SLICE + TRANSITIONS_PER_RUN) * prices.stateTransition,
    dynamodb: writes * prices.dynamoWrite + slices * READS_PER_SLICE * prices.dynamoRead,
    destination: fees * 1e-9,
  };
  const total = Object.values(components).reduce((sum, part) => sum + part, 0);
  return { total: rounded(total), components: mapValues(components, rounded) };
}

/** To a billionth of a dollar: a small run costs less than a thousandth of a cent. */
function rounded(usd: number): number {
  return Number(usd.toFixed(9));
}

function mapValues(record: Readonly<Record<string, number>>, map: (value: number) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
