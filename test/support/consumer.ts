import type {
  Position,
  ReadingPlan,
  Source,
  SourceBatch,
  SourceRecord,
  WaterMarks,
} from '../../lambdas/domain/source.ts';

/** What the run protocol keeps of a source between readings. */
export type Consumer = {
  plan: ReadingPlan | undefined;
  position: Position | null;
  marks: WaterMarks | undefined;
  readonly remembered: Map<string, number>;
  /** All that was committed, in order. */
  readonly records: SourceRecord[];
  readonly batches: SourceBatch[];
};

export function newConsumer(): Consumer {
  return { plan: undefined, position: null, marks: undefined, remembered: new Map(), records: [], batches: [] };
}

/** What is about to be committed; throwing here is a crash between sending and commit. */
export type BeforeCommit = (batch: SourceBatch) => void | Promise<void>;

/** Reads from where the consumer is to the end, as slices do: a batch is committed before the next one is taken. */
export async function consume(
  source: Source,
  consumer: Consumer,
  {
    batchSize = 2,
    most = Number.POSITIVE_INFINITY,
    before,
  }: { batchSize?: number; most?: number; before?: BeforeCommit } = {},
): Promise<void> {
  const { signal } = new AbortController();
  const prepared = await source.prepare(signal);
  consumer.plan ??= prepared;
  const { plan, position: from, remembered } = consumer;
  const isRemembered = (hash: string) => remembered.has(hash);
  let left = most;
  for await (const batch of source.read({ plan, from, batchSize, signal, isRemembered })) {
    if (left-- <= 0) return;
    await before?.(batch);
    commit(consumer, batch);
  }
}

/** Reads the same batch once more, as after a crash. */
export async function readAgain(source: Source, consumer: Consumer, pending: SourceBatch): Promise<SourceBatch> {
  const { signal } = new AbortController();
  const { plan = await source.prepare(signal), remembered } = consumer;
  const request = { plan, from: pending.from, until: pending.to, batchSize: 1, signal };
  const batches = await Array.fromAsync(source.read({ ...request, isRemembered: (hash) => remembered.has(hash) }));
  if (batches.length !== 1) throw new Error(`${batches.length} batches instead of one`);
  return batches[0] as SourceBatch;
}

function commit(consumer: Consumer, batch: SourceBatch): void {
  // As a store gives it back.
  consumer.position = JSON.parse(JSON.stringify(batch.to)) as Position;
  consumer.marks = batch.marks;
  consumer.records.push(...batch.records);
  consumer.batches.push(batch);
  const { hashes, newest, forgetBelow } = batch.remember ?? { hashes: [], newest: 0, forgetBelow: 0 };
  for (const hash of hashes) consumer.remembered.set(hash, newest);
  for (const [hash, value] of consumer.remembered) if (value < forgetBelow) consumer.remembered.delete(hash);
}
