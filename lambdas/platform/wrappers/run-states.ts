import { DeleteCommand, GetCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { RunState } from '../../domain/run/run-state.ts';
import type { RunStore } from '../../domain/run/run-store.ts';
import { type StoredState, stateFrom } from '../../domain/run/stored-state.ts';
import { conditional, dynamo, LONGEST_PARTITION_KEY, storeCall } from '../dynamo.ts';
import { itemKeys } from './keys.ts';

export type RunStates = RunStore & {
  /** False when the id is taken. */
  create(state: RunState): Promise<boolean>;
  delete(wrapperId: string): Promise<void>;
};

/** Run states in the wrappers table, one item each (`item` = `state`). */
export function runStates(table: string): RunStates {
  return {
    async load(wrapperId) {
      if (Buffer.byteLength(wrapperId) > LONGEST_PARTITION_KEY) return null;
      const key = { wrapper_id: wrapperId, item: itemKeys.state };
      const { Item } = await storeCall(() =>
        dynamo.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true })),
      );
      return Item ? stateOf(Item) : null;
    },

    save: (state) =>
      conditional(() =>
        dynamo.send(
          new PutCommand({
            TableName: table,
            Item: itemOf({ ...state, version: state.version + 1 }),
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: { ':version': state.version },
          }),
        ),
      ),

    create: (state) =>
      conditional(() =>
        dynamo.send(
          new PutCommand({
            TableName: table,
            Item: itemOf(state),
            ConditionExpression: 'attribute_not_exists(wrapper_id)',
          }),
        ),
      ),

    async delete(wrapperId) {
      const key = { wrapper_id: wrapperId, item: itemKeys.state };
      await storeCall(() => dynamo.send(new DeleteCommand({ TableName: table, Key: key })));
    },

    async *unfinished() {
      const query = {
        TableName: table,
        IndexName: 'running',
        KeyConditionExpression: 'running = :running',
        ExpressionAttributeValues: { ':running': RUNNING },
      };
      for await (const page of paginateQuery({ client: dynamo }, query)) {
        for (const item of page.Items ?? []) yield String(item.wrapper_id);
      }
    },
  };
}

const RUNNING = 'running';
/** All wrappers are listed under one key; creating them is rare enough for one partition. */
export const LISTED = 'wrapper';

/**
 * The sparse indexes see only their own two attributes, which don't change while a run goes on: a batch's write
 * costs no index write.
 */
function itemOf(state: RunState): Record<string, unknown> {
  const { wrapperId, version, ...rest } = state;
  const unfinished = state.status === 'executing' || !state.settled;
  return {
    wrapper_id: wrapperId,
    item: itemKeys.state,
    version,
    ...(unfinished ? { running: RUNNING } : {}),
    ...(state.deleted ? {} : { listed: LISTED, listed_key: listedKeyOf(state) }),
    state: rest,
  };
}

/** Sorts wrappers by age, and ends with the id. */
export function listedKeyOf({ createdAt, wrapperId }: Pick<RunState, 'createdAt' | 'wrapperId'>): string {
  return `${new Date(createdAt).toISOString()}#${wrapperId}`;
}

function stateOf(item: Record<string, unknown>): RunState {
  return { ...stateFrom(String(item.wrapper_id), item.state as StoredState), version: Number(item.version) };
}
