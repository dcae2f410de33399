import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { isRole, roles } from '../lambdas/contracts/roles.ts';
import { createKey } from '../lambdas/platform/access/create-key.ts';
import { keysTable } from '../lambdas/platform/keys-table.ts';

const USAGE = `npm run keys -- create --name NAME [--role ${Object.keys(roles).join('|')}] [--stage dev]

Creates an API key and prints it, once. Role: read if left out. Credentials and region are those of the AWS CLI.
The deployment is found by its stage; for any other, name both parts: --usage-plan ID --keys-table NAME.`;

type Deployment = { readonly usagePlanId: string; readonly table: string };

const options = {
  name: { type: 'string' },
  role: { type: 'string', default: 'read' },
  stage: { type: 'string', default: 'dev' },
  'usage-plan': { type: 'string' },
  'keys-table': { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

try {
  await main();
} catch (error) {
  for (let told: unknown = error; told instanceof Error; told = told.cause) console.error(told.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return console.log(USAGE);
  const { name, role } = values;
  if (positionals.join(' ') !== 'create' || name === undefined || name.trim() === '') throw new Error(USAGE);
  if (!isRole(role)) throw new Error(`Unknown role "${role}": must be one of ${Object.keys(roles).join(', ')}`);
  const { usagePlanId, table } = await deploymentOf(values);
  const { keyId, token } = await createKey(
    { name, role },
    { gateway: new APIGatewayClient(), usagePlanId, keys: keysTable(table), now: Date.now, randomBytes },
  );
  console.error(`Key ${keyId} (${role}). It is not shown again:`);
  console.log(token);
}

async function deploymentOf(given: {
  stage: string;
  'usage-plan'?: string | undefined;
  'keys-table'?: string | undefined;
}): Promise<Deployment> {
  const { stage, 'usage-plan': usagePlanId, 'keys-table': table } = given;
  if (usagePlanId !== undefined && table !== undefined) return { usagePlanId, table };
  if (usagePlanId !== undefined || table !== undefined) throw new Error('--usage-plan and --keys-table go together');
  const client = new CloudFormationClient();
  return {
    usagePlanId: await output(client, `headgate-${stage}-service`, 'UsagePlanId'),
    table: await output(client, `headgate-${stage}-state`, 'KeysTableName'),
  };
}

async function output(client: CloudFormationClient, stack: string, name: string): Promise<string> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
  const found = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
  if (found === undefined) throw new Error(`The stack ${stack} has no output ${name}: is it deployed in this region?`);
  return found;
}
