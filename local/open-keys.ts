import { randomBytes } from 'node:crypto';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { KeyDeps } from '../lambdas/domain/access/manage-keys.ts';
import { gatewayKeys } from '../lambdas/platform/access/gateway-keys.ts';
import { keysTable } from '../lambdas/platform/keys-table.ts';
import type { RunningStack } from './running-stack.ts';

/** Nothing on this machine checks who calls, but the AWS clients sign, and S3's presigned addresses are verified. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The keys of a stack on this machine, by the same calls as in an account. */
export function openLocalKeys(stack: RunningStack): { readonly keys: KeyDeps; close(): void } {
  const { region } = stack;
  const credentials = localCredentials;
  const gateway = new APIGatewayClient({ endpoint: stack.apiGateway, region, credentials });
  const dynamodb = new DynamoDBClient({ endpoint: stack.dynamodb, region, credentials });
  const keys = keysTable(stack.keysTable, DynamoDBDocumentClient.from(dynamodb, documents));
  return {
    keys: { keys, gateway: gatewayKeys(stack.usagePlan, gateway), now: Date.now, randomBytes },
    close() {
      gateway.destroy();
      dynamodb.destroy();
    },
  };
}

const documents = { marshallOptions: { removeUndefinedValues: true } };
