import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { WrapperDefinition } from '../../contracts/wrapper-definition.ts';
import { decodeCursor, dynamo, encodeCursor, storeCall } from '../dynamo.ts';
import { parseDefinition } from '../parse-definition.ts';
import type { Page, PageRequest } from './items.ts';
import { itemKeys } from './keys.ts';
import { LISTED } from './run-states.ts';

/**
 * Definitions are immutable: a change stores a new one, and the wrapper's state says which one counts. A run
 * therefore never sees half a change.
 */
export type Definitions = {
  put(wrapperId: string, definitionId: string, definition: WrapperDefinition): Promise<void>;
  load(wrapperId: string, definitionId: string): Promise<WrapperDefinition>;
  delete(wrapperId: string, definitionId: string): Promise<void>;
  /** Wrapper ids, newest first. */
  list(page: PageRequest): Promise<Page<string>>;
};

export function definitions(table: string): Definitions {
  const keyOf = (wrapperId: string, id: string) => ({ wrapper_id: wrapperId, item: itemKeys.definition(id) });
  return {
    async put(wrapperId, definitionId, definition) {
      const Item = { ...keyOf(wrapperId, definitionId), value: JSON.stringify(definition) };
      await storeCall(() => dynamo.send(new PutCommand({ TableName: table, Item })));
    },

    async load(wrapperId, definitionId) {
      const get = new GetCommand({ TableName: table, Key: keyOf(wrapperId, definitionId), ConsistentRead: true });
      const { Item } = await storeCall(() => dynamo.send(get));
      if (!Item) throw new Error(`definition ${definitionId} of wrapper ${wrapperId} is missing`);
      return WrapperDefinition.parse(parseDefinition(String(Item.value)));
    },

    async delete(wrapperId, definitionId) {
      await storeCall(() => dynamo.send(new DeleteCommand({ TableName: table, Key: keyOf(wrapperId, definitionId) })));
    },

    async list({ limit, cursor }) {
      const start = cursor === undefined ? {} : { ExclusiveStartKey: startKeyOf(cursor) };
      const { Items = [], LastEvaluatedKey } = await storeCall(() =>
        dynamo.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'listed',
            KeyConditionExpression: 'listed = :listed',
            ExpressionAttributeValues: { ':listed': LISTED },
            ScanIndexForward: false,
            Limit: limit,
            ...start,
          }),
        ),
      );
      const nextCursor = encodeCursor(LastEvaluatedKey?.listed_key);
      return { items: Items.map((item) => String(item.wrapper_id)), nextCursor };
    },
  };
}

/** The sort key of the index ends with the wrapper's id, so it is all that a page's start needs. */
function startKeyOf(cursor: string): Record<string, string> {
  const listedKey = decodeCursor(cursor, '2');
  const wrapperId = listedKey.slice(listedKey.indexOf('#') + 1);
  return { listed: LISTED, listed_key: listedKey, wrapper_id: wrapperId, item: itemKeys.state };
}
