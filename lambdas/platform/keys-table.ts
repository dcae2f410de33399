import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiKey } from '../domain/access/api-key.ts';
import type { KeyStore } from '../domain/access/authenticator.ts';
import { dynamo, storeCall } from './dynamo.ts';

/** API keys in DynamoDB, one item each. */
export function keysTable(table: string, client: DynamoDBDocumentClient = dynamo): KeyStore {
  return {
    async get(keyId) {
      const get = new GetCommand({ TableName: table, Key: { key_id: keyId }, ConsistentRead: true });
      const { Item } = await storeCall(() => client.send(get));
      return Item === undefined ? undefined : fromItem(Item);
    },
    async put(key) {
      await storeCall(() => client.send(new PutCommand({ TableName: table, Item: toItem(key) })));
    },
  };
}

function toItem(key: ApiKey): Record<string, unknown> {
  return {
    key_id: key.keyId,
    name: key.name,
    secret_hash: key.secretHash,
    role: key.role,
    scopes: [...key.scopes],
    created_at: key.createdAt,
    ...(key.expiresAt !== undefined && { expires_at: key.expiresAt }),
    ...(key.revokedAt !== undefined && { revoked_at: key.revokedAt }),
  };
}

/** The inverse of `toItem`, which alone writes this table. */
function fromItem(item: Record<string, unknown>): ApiKey {
  return {
    keyId: item.key_id as string,
    name: item.name as string,
    secretHash: item.secret_hash as string,
    role: item.role as string,
    scopes: item.scopes as string[],
    createdAt: item.created_at as string,
    ...(item.expires_at !== undefined && { expiresAt: item.expires_at as number }),
    ...(item.revoked_at !== undefined && { revokedAt: item.revoked_at as number }),
  };
}
