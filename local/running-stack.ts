import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Model } from './engine/template/model.ts';
import { settingOf } from './setting-of.ts';

/** What a command needs to speak to the services of a stack on this machine. */
export type RunningStack = {
  readonly region: string;
  readonly dynamodb: string;
  readonly apiGateway: string;
  readonly keysTable: string;
  readonly usagePlan: string;
};

/** @param services addresses of its DynamoDB and of API Gateway's own API */
export function describeStack(model: Model, services: Pick<RunningStack, 'dynamodb' | 'apiGateway'>): RunningStack {
  return {
    region: model.region,
    dynamodb: services.dynamodb,
    apiGateway: services.apiGateway,
    keysTable: settingOf(model, 'KEYS_TABLE'),
    usagePlan: settingOf(model, 'USAGE_PLAN'),
  };
}

const fileIn = (dataDir: string) => path.join(dataDir, 'stack.json');

/** Says where the stack is, in a file that only its owner can read; closing takes it away. */
export async function announceStack(dataDir: string, stack: RunningStack): Promise<{ close(): Promise<void> }> {
  const file = fileIn(dataDir);
  await writeFile(file, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return { close: () => rm(file, { force: true }) };
}

/** @throws Error when there is none on this folder. */
export async function findRunningStack(dataDir: string): Promise<RunningStack> {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as RunningStack;
  } catch (error) {
    throw new Error(`No local stack runs on ${dataDir}: begin with npm start, or name its folder with --data`, {
      cause: error,
    });
  }
}
