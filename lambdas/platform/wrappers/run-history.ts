import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Checkpoint, Run } from '../../domain/run/run-state.ts';
import type { LogEntry, RememberedBatch, RunHistory } from '../../domain/run/run-store.ts';
import { checkpointFrom, runFrom, type StoredCheckpoint, type StoredRun } from '../../domain/run/stored-state.ts';
import type { ReadingPlan } from '../../domain/source.ts';
import { conditional, dynamo } from '../dynamo.ts';
import { deleteAll, itemOf, keysBut, list, load, type Page, type PageRequest, put } from './items.ts';
import { itemKeys } from './keys.ts';
import { quarantine } from './quarantine.ts';
import { settledRunItems } from './settled-runs.ts';

/** Items fetched at once where all are wanted. */
const PAGE = 1000;

export type WrapperHistory = RunHistory & {
  loadRun(wrapperId: string, epoch: number): Promise<Run | null>;
  loadCheckpoint(wrapperId: string, seq: number): Promise<Checkpoint | null>;
  /** All lists are newest first. */
  listRuns(wrapperId: string, page: PageRequest): Promise<Page<Run>>;
  listLogs(wrapperId: string, page: PageRequest): Promise<Page<LogEntry>>;
  listCheckpoints(wrapperId: string, page: PageRequest): Promise<Page<Checkpoint>>;
  /** Removes everything but the state. */
  purge(wrapperId: string): Promise<void>;
};

/** What runs leave behind, as items beside the wrapper's state. */
export function runHistory(table: string): WrapperHistory {
  return {
    putRun: (wrapperId, run) => put(table, wrapperId, itemKeys.run(run.epoch), run),
    putLog: (wrapperId, key, entry) => put(table, wrapperId, itemKeys.log(entry.at, key), entry),
    putCheckpoint: (wrapperId, checkpoint) => put(table, wrapperId, itemKeys.checkpoint(checkpoint.seq), checkpoint),

    putSettledRuns: settledRunItems(table).put,
    putQuarantined: (wrapperId, run, { seq, plan }, rows) =>
      quarantine(table).put(
        wrapperId,
        run.epoch,
        rows.map((row) => ({ ...row, seq, plan })),
      ),

    async pinPlan(wrapperId, lineage, plan) {
      const Item = itemOf(wrapperId, itemKeys.plan(lineage), JSON.stringify(plan));
      const ConditionExpression = 'attribute_not_exists(wrapper_id)';
      const first = await conditional(() =>
        dynamo.send(new PutCommand({ TableName: table, Item, ConditionExpression })),
      );
      return first ? plan : ((await loadPlan(table, wrapperId, lineage)) ?? plan);
    },

    loadPlan: (wrapperId, lineage) => loadPlan(table, wrapperId, lineage),
    async loadRun(wrapperId, epoch) {
      const stored = await load<StoredRun>(table, wrapperId, itemKeys.run(epoch));
      return stored && runFrom(stored);
    },
    async loadCheckpoint(wrapperId, seq) {
      const stored = await load<StoredCheckpoint>(table, wrapperId, itemKeys.checkpoint(seq));
      return stored && checkpointFrom(stored);
    },
    async listRuns(wrapperId, page) {
      const { items, nextCursor } = await list<StoredRun>(table, wrapperId, 'run#', page, false);
      return { items: items.map(runFrom), nextCursor };
    },
    listLogs: (wrapperId, page) => list<LogEntry>(table, wrapperId, 'log#', page, false),
    listCheckpoints: (wrapperId, page) => list<Checkpoint>(table, wrapperId, 'checkpoint#', page, false),

    putRemembered: (wrapperId, lineage, batch) => put(table, wrapperId, itemKeys.remembered(lineage, batch.seq), batch),

    async loadRemembered(wrapperId, lineage) {
      const found: RememberedBatch[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = { limit: PAGE, cursor };
        const { items, nextCursor } = await list<RememberedBatch>(
          table,
          wrapperId,
          itemKeys.rememberedOf(lineage),
          page,
          true,
        );
        found.push(...items);
        cursor = nextCursor;
      }
      return found;
    },

    forgetRemembered: (wrapperId, lineage, seqs) =>
      deleteAll(
        table,
        wrapperId,
        seqs.map((seq) => itemKeys.remembered(lineage, seq)),
      ),

    async purge(wrapperId) {
      await settledRunItems(table).remove(wrapperId);
      for (;;) {
        const keys = await keysBut(table, wrapperId, itemKeys.state);
        if (keys.length === 0) return;
        await deleteAll(table, wrapperId, keys);
      }
    },
  };
}

async function loadPlan(table: string, wrapperId: string, lineage: number): Promise<ReadingPlan | null> {
  const text = await load<string>(table, wrapperId, itemKeys.plan(lineage));
  return text === null ? null : (JSON.parse(text) as ReadingPlan);
}
