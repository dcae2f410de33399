import { randomBytes } from 'node:crypto';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { KeyDeps } from '../lambdas/domain/access/manage-keys.ts';
import { gatewayKeys } from '../lambdas/platform/access/gateway-keys.ts';
import { keysTable } from '../lambdas/platform/keys-table.ts';

/** The keys of a deployed stage, with the credentials and in the region of the AWS CLI. */
export async function openDeployedKeys(stage: string): Promise<{ readonly keys: KeyDeps; close(): void }> {
  const table = await outputOf(`headgate-${stage}-state`, 'KeysTableName').catch((cause: unknown) => {
    const why = `The keys of stage ${stage} can't be reached with your AWS settings; --local is for those of npm start.`;
    throw new Error(why, { cause });
  });
  const gateway = gatewayKeys(`headgate-${stage}`);
  return { keys: { keys: keysTable(table), gateway, now: Date.now, randomBytes }, close: () => undefined };
}

async function outputOf(stack: string, name: string): Promise<string> {
  const { Stacks } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: stack }));
  const found = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (found === undefined) throw new Error(`The stack ${stack} has no output ${name}: is it deployed in this region?`);
  return found;
}
