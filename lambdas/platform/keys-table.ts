import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../domain/access/api-key.ts';
import type { KeyStore } from '../domain/access/key-store.ts';
import { conditional, dynamo, storeCall } from './dynamo.ts';

/** Noting a use must not hold up the request that it is about. */
const NOTING_MS = 300;

/** API keys in DynamoDB, one item each. */
export function keysTable(table: string, client: DynamoDBDocumentClient = dynamo): KeyStore {
  const update = (keyId: string, set: string, condition: string, values: Record<string, unknown>) =>
    new UpdateCommand({
      TableName: table,
      Key: { key_id: keyId },
      UpdateExpression: `SET ${set}`,
      ConditionExpression: condition,
      ExpressionAttributeValues: values,
    });
  return {
    async get(keyId, withinMs) {
      const get = new GetCommand({ TableName: table, Key: { key_id: keyId }, ConsistentRead: true });
      const limit = withinMs === undefined ? {} : { abortSignal: AbortSignal.timeout(withinMs) };
      const { Item } = await storeCall(() => client.send(get, limit));
      return Item === undefined ? undefined : fromItem(Item);
    },

    async put(key) {
      await storeCall(() => client.send(new PutCommand({ TableName: table, Item: toItem(key) })));
    },

    async *list(after) {
      const scan = { TableName: table, ConsistentRead: true, ...(after && { ExclusiveStartKey: { key_id: after } }) };
      const pages = paginateScan({ client }, scan);
      for (;;) {
        const { value, done } = await storeCall(() => pages.next());
        if (done) return;
        for (const item of value.Items ?? []) yield fromItem(item);
      }
    },

    revoke: (keyId, at) =>
      conditional(() =>
        client.send(
          update(keyId, 'revoked_at = if_not_exists(revoked_at, :at)', 'attribute_exists(key_id)', { ':at': at }),
        ),
      ),

    replaceSecret: (keyId, secretHash) =>
      conditional(() =>
        client.send(
          update(keyId, 'secret_hash = :hash', 'attribute_exists(key_id) AND attribute_not_exists(revoked_at)', {
            ':hash': secretHash,
          }),
        ),
      ),

    async remove(keyId) {
      await storeCall(() => client.send(new DeleteCommand({ TableName: table, Key: { key_id: keyId } })));
    },

    async noteUse(keyId, at, unlessSince) {
      const isNews = 'attribute_exists(key_id) AND (attribute_not_exists(last_used_at) OR last_used_at < :since)';
      const note = update(keyId, 'last_used_at = :at', isNews, { ':at': at, ':since': unlessSince });
      await conditional(() => client.send(note, { abortSignal: AbortSignal.timeout(NOTING_MS) }));
    },
  };
}

function toItem(key: ApiKey): Record<string, unknown> {
  return {
    key_id: key.keyId,
    name: key.name,
    secret_hash: key.secretHash,
    scopes: key.scopes,
    wrapper_ids: key.wrapperIds,
    gateway_id: key.gatewayId,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    last_used_at: key.lastUsedAt,
  };
}

/** The inverse of `toItem`; this file alone writes the table. */
function fromItem(item: Record<string, unknown>): ApiKey {
  return {
    keyId: item.key_id as string,
    name: item.name as string,
    secretHash: item.secret_hash as string,
    scopes: item.scopes as string[],
    createdAt: item.created_at as number,
    ...(item.gateway_id !== undefined && { gatewayId: item.gateway_id as string }),
    ...(item.wrapper_ids !== undefined && { wrapperIds: item.wrapper_ids as string[] }),
    ...(item.expires_at !== undefined && { expiresAt: item.expires_at as number }),
    ...(item.revoked_at !== undefined && { revokedAt: item.revoked_at as number }),
    ...(item.last_used_at !== undefined && { lastUsedAt: item.last_used_at as number }),
  };
}
