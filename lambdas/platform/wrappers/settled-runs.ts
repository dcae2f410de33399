import { DeleteCommand, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { type SettledRuns, sumOf } from '../../domain/run/settled-runs.ts';
import { conditional, dynamo, storeCall } from '../dynamo.ts';

/**
 * What the states of wrappers say of their settled runs, in small items of their own under one key: a query adds them
 * up, ten thousand wrappers to a megabyte, where the states would be fifty.
 */
export type SettledRunItems = {
  /** Unless what a later run left is there; `epoch` is the run's. */
  put(wrapperId: string, epoch: number, runs: SettledRuns): Promise<void>;
  remove(wrapperId: string): Promise<void>;
  /** Of all wrappers; it may lag a little. */
  sum(): Promise<SettledRuns>;
};

/** In place of a wrapper's id, which is never like this. */
const PARTITION = 'settled-runs';

export function settledRunItems(table: string): SettledRunItems {
  const keyOf = (wrapperId: string) => ({ wrapper_id: PARTITION, item: wrapperId });
  return {
    async put(wrapperId, epoch, runs) {
      const put = new PutCommand({
        TableName: table,
        Item: { ...keyOf(wrapperId), epoch, ...runs },
        ConditionExpression: 'attribute_not_exists(epoch) OR epoch < :epoch',
        ExpressionAttributeValues: { ':epoch': epoch },
      });
      await conditional(() => dynamo.send(put));
    },

    async remove(wrapperId) {
      await storeCall(() => dynamo.send(new DeleteCommand({ TableName: table, Key: keyOf(wrapperId) })));
    },

    sum: () =>
      storeCall(async () => {
        const found: SettledRuns[] = [];
        for await (const { Items = [] } of paginateQuery({ client: dynamo }, queryOf(table))) {
          found.push(...(Items as SettledRuns[]));
        }
        return sumOf(found);
      }),
  };
}

function queryOf(table: string) {
  return {
    TableName: table,
    KeyConditionExpression: 'wrapper_id = :partition',
    ExpressionAttributeValues: { ':partition': PARTITION },
  };
}
