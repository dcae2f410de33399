import { rowOf } from '../csv.ts';

/** A batch as it arrived: the request's document, and when its headers were there, in `performance.now()`. */
export type Arrival = {
  readonly batchId: string;
  readonly points: readonly { readonly id: string; readonly data: Readonly<Record<string, unknown>> }[];
  readonly at: number;
};

/** What a destination got of one wrapper, compared record by record with the file of `csvOf(rows)` that it reads. */
export type Account = {
  arrived(batch: Arrival): void;
  /** To be called before the answer leaves: what nobody can know to be accepted yet. */
  accepted(batch: Arrival): void;
  /** Different rows that arrived and were accepted. */
  acknowledged(): number;
  /** All rows up to this one were accepted. */
  acknowledgedUpTo(): number;
  arrivedAfter(instant: number): number;
  /** Rows that never arrived. */
  lost(): number;
  /** Rows that came again, as they came before. */
  repeated(): number;
  /** Rows that are not of the file or not as in the file, and those that came again under another id or batch id. */
  wrong(): readonly string[];
};

export function openAccount(rows: number): Account {
  const first = new Map<number, string>();
  const pointIds = new Set<string>();
  const batches = new Map<string, string>();
  const acknowledged = new Set<number>();
  const wrong: string[] = [];
  let upTo = 0;
  let repeated = 0;
  let last = Number.NEGATIVE_INFINITY;
  const arrivals: number[] = [];

  const take = (batchId: string, { id, data }: Arrival['points'][number]): void => {
    const row = Number(data.id);
    const isOfTheFile = Number.isInteger(row) && row >= 1 && row <= rows;
    if (!isOfTheFile || JSON.stringify(data) !== JSON.stringify(rowOf(row))) {
      wrong.push(`not in the file: ${JSON.stringify(data)}`);
      return;
    }
    const name = `point ${id} in batch ${batchId}`;
    const before = first.get(row);
    if (before === undefined) {
      if (pointIds.has(id)) wrong.push(`row ${row} has the id of another: ${name}`);
      pointIds.add(id);
      first.set(row, name);
    } else if (before === name) repeated += 1;
    else wrong.push(`row ${row} came as ${before}, and again as ${name}`);
  };

  return {
    arrived({ batchId, points, at }) {
      arrivals.push(at);
      last = Math.max(last, at);
      const content = JSON.stringify(points);
      if ((batches.get(batchId) ?? content) !== content) wrong.push(`batch ${batchId} came again with other points`);
      batches.set(batchId, content);
      for (const point of points) take(batchId, point);
    },
    accepted({ points }) {
      for (const { data } of points) acknowledged.add(Number(data.id));
      while (acknowledged.has(upTo + 1)) upTo += 1;
    },
    acknowledged: () => acknowledged.size,
    acknowledgedUpTo: () => upTo,
    arrivedAfter: (instant) => (last <= instant ? 0 : arrivals.filter((at) => at > instant).length),
    lost: () => rows - first.size,
    repeated: () => repeated,
    wrong: () => wrong,
  };
}
