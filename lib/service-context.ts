import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { LambdaCode } from './constructs/lambda-bundle.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

/** What every part of the service is built from. */
export type ServiceContext = {
  readonly settings: Settings;
  readonly code: LambdaCode;
  readonly state: Pick<StateStack, 'wrappers' | 'feeds' | 'records' | 'keys' | 'files'>;
  readonly heartbeats: ITable;
  readonly machine: MachineNames;
};

/**
 * The state machine as its functions know it. Made of text, not of references: the machine refers to functions that
 * refer to the machine, and CloudFormation builds no circle.
 */
export type MachineNames = {
  readonly name: string;
  readonly arn: string;
  /** Any execution of this one machine. */
  readonly executionsArn: string;
};

export function machineNames(scope: Construct, settings: Settings): MachineNames {
  const stack = Stack.of(scope);
  const name = `headgate-${settings.stage}-runs`;
  const arn = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'states', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return { name, arn: arn('stateMachine', name), executionsArn: arn('execution', `${name}:*`) };
}

/** The variables of `control` in `lambdas/contracts/environments.ts`: for functions that begin, end or judge runs. */
export function controlVariables({ state, machine, settings }: ServiceContext) {
  return {
    WRAPPERS_TABLE: state.wrappers.tableName,
    STATE_MACHINE_ARN: machine.arn,
    LEASE_SECONDS: String(settings.leaseSeconds),
    SEND_SECONDS: String(settings.sendSeconds),
    MARGIN_SECONDS: String(settings.marginSeconds),
  };
}

/** The variables of `feeds` in `lambdas/contracts/environments.ts`: for functions that poll, or tell of it. */
export function feedsVariables({ state, settings }: ServiceContext) {
  return { FEEDS_TABLE: state.feeds.tableName, ADAPTER_SECRETS: settings.adapterSecrets.join(',') };
}
