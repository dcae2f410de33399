import { RunFailure } from '../errors.ts';
import type { SourceRecord } from '../source.ts';

/** What has become of the records since reading began, or since the definition was changed. */
export type Tally = {
  readonly dataPoints: number;
  readonly quarantined: number;
  /** The first row that did not fit, and why. */
  readonly misfit: string | null;
};

export const noTally: Tally = { dataPoints: 0, quarantined: 0, misfit: null };

/** A committed batch, as far as it counts. */
type Counted = { readonly points: number; readonly quarantined: number; readonly misfit: string | null };

/** The tally behind a batch; one of a re-drive takes rows out of quarantine. */
export function tallied(tally: Tally | undefined, batch: Counted, isRedrive: boolean): Tally {
  const { dataPoints, quarantined, misfit } = tally ?? noTally;
  return {
    dataPoints: dataPoints + batch.points,
    quarantined: isRedrive ? Math.max(0, quarantined - batch.points) : quarantined + batch.quarantined,
    misfit: misfit ?? batch.misfit,
  };
}

/** A row that did not fit, for people. */
export function misfitOf(row: Extract<SourceRecord, { rejected: string }> | undefined): string | null {
  if (!row) return null;
  return row.rejected.startsWith('row ') ? row.rejected : `row ${row.row}: ${row.rejected}`;
}

/** @throws RunFailure while more rows are set aside than the definition allows, however many runs they took. */
export function checkQuarantine({ quarantined, misfit }: Tally = noTally, most: number): void {
  if (quarantined <= most) return;
  const rows = `${quarantined} ${quarantined === 1 ? 'row' : 'rows'} did not fit, more than max_quarantined (${most})`;
  const advice = 'Change the definition, re-drive them, or read from the beginning with ?from=start';
  throw new RunFailure('failed', `${rows}; the first: ${misfit}. ${advice}`);
}

/** What a run ends in that has set all of its source aside: the mapping is for another one. Null: something fits. */
export function allMisfit({ dataPoints, quarantined, misfit }: Tally = noTally): RunFailure | null {
  if (dataPoints > 0 || quarantined === 0) return null;
  const none = quarantined === 1 ? 'The only record does not fit' : `None of ${quarantined} records fits`;
  return new RunFailure('failed', `${none} the mapping; the first: ${misfit}`);
}
