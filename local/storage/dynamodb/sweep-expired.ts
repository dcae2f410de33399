import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { TableSpec } from './tables.ts';

/** Deletes the items whose time to live is over, as DynamoDB does by itself within days. Answers how many. */
export async function sweepExpired(client: DynamoDBClient, table: TableSpec, now: number): Promise<number> {
  const ttl = table.TimeToLiveSpecification;
  if (ttl?.Enabled !== true) return 0;
  const keys = (table.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
  const expired = {
    ExpressionAttributeNames: { '#ttl': ttl.AttributeName },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) } },
  };
  let deleted = 0;
  const pages = paginateScan({ client }, { TableName: table.name, FilterExpression: '#ttl < :now', ...expired });
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      if (await deleteIfStillExpired(client, table.name, keyOf(item, keys), expired)) deleted += 1;
    }
  }
  return deleted;
}

function keyOf(item: Record<string, AttributeValue>, names: readonly string[]): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
}

async function deleteIfStillExpired(
  client: DynamoDBClient,
  table: string,
  key: Record<string, AttributeValue>,
  expired: {
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: Record<string, AttributeValue>;
  },
): Promise<boolean> {
  try {
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: key, ConditionExpression: '#ttl < :now', ...expired }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
