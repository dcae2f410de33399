import { randomBytes } from 'node:crypto';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createKey } from '../lambdas/platform/access/create-key.ts';
import { keysTable } from '../lambdas/platform/keys-table.ts';
import type { Engine } from './engine/engine.ts';

type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** Creates an admin key of the local stack just as `npm run keys` does in an account. */
export async function createAdminKey(engine: Engine, dynamodbUrl: string, credentials: Credentials): Promise<string> {
  const { region, outputs } = engine.model;
  const gateway = new APIGatewayClient({ endpoint: engine.controlUrl, region, credentials });
  const dynamodb = new DynamoDBClient({ endpoint: dynamodbUrl, region, credentials });
  try {
    const { token } = await createKey(
      { name: 'local admin', role: 'admin' },
      {
        gateway,
        usagePlanId: outputOf(outputs, 'UsagePlanId'),
        keys: keysTable(outputOf(outputs, 'KeysTableName'), DynamoDBDocumentClient.from(dynamodb)),
        now: Date.now,
        randomBytes,
      },
    );
    return token;
  } finally {
    gateway.destroy();
    dynamodb.destroy();
  }
}

function outputOf(outputs: ReadonlyMap<string, string>, name: string): string {
  const value = outputs.get(name);
  if (value === undefined) throw new Error(`the assembly has no output ${name}`);
  return value;
}
