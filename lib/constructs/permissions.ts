import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { IUsagePlan } from 'aws-cdk-lib/aws-apigateway';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { MachineNames } from '../service-context.ts';
import type { Settings } from '../settings.ts';
import type { ServiceFunction } from './service-function.ts';

/** What functions may do, in the words of this service. Every one of them names its actions and its resources. */

/** Items by their keys: a wrapper's state, a run, a checkpoint, an adapter's health. */
export function mayGetItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:GetItem'], table.tableArn);
}

/** Lists of what is under one key: a wrapper's runs, logs, checkpoints; an adapter's records. */
export function mayListItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:Query'], table.tableArn);
}

export function mayPutItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:PutItem'], table.tableArn);
}

/** Conditional puts, and the reading back that a failed condition asks for. */
export function mayChangeItems(fn: ServiceFunction, table: ITable): void {
  mayGetItems(fn, table);
  mayPutItems(fn, table);
}

export function mayUpdateItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:UpdateItem'], table.tableArn);
}

/** Many items in one call, none of them under a condition: quarantined rows, and what a deleted wrapper left. */
export function mayWriteBatches(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:BatchWriteItem'], table.tableArn);
}

export function mayDeleteItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:DeleteItem'], table.tableArn);
}

/** All items of a table that is small, or the first of one that is not. */
export function mayScanItems(fn: ServiceFunction, table: ITable): void {
  fn.may(['dynamodb:Scan'], table.tableArn);
}

export function mayQueryIndex(fn: ServiceFunction, table: ITable, index: 'running' | 'listed'): void {
  fn.may(['dynamodb:Query'], `${table.tableArn}/index/${index}`);
}

/** API keys, and the list of usage plans, to find the one that they belong to. */
export function mayCreateGatewayKeys(fn: ServiceFunction): void {
  fn.may(['apigateway:POST'], gatewayArn(fn, '/apikeys'));
  fn.may(['apigateway:GET'], gatewayArn(fn, '/usageplans'));
}

export function mayUseUsagePlan(fn: ServiceFunction, plan: IUsagePlan): void {
  fn.mayLater('KeysOnPlan', ['apigateway:POST'], gatewayArn(fn, `/usageplans/${plan.usagePlanId}/keys`));
}

export function mayDeleteGatewayKeys(fn: ServiceFunction): void {
  fn.may(['apigateway:DELETE'], gatewayArn(fn, '/apikeys/*'));
  acknowledgeWildcard(
    fn,
    'arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*',
    "Keys are created later, and the gateway chooses their ids; the function deletes those in this service's table.",
  );
}

/** Of API Gateway's own API, which names no account. */
function gatewayArn(fn: ServiceFunction, resource: string): string {
  const arnFormat = ArnFormat.NO_RESOURCE_NAME;
  return Stack.of(fn).formatArn({ service: 'apigateway', account: '', resource, arnFormat });
}

/** Idempotent: a second start under the same name and input is the same execution. */
export function mayStartRuns(fn: ServiceFunction, machine: MachineNames): void {
  fn.may(['states:StartExecution'], machine.arn);
}

export function mayStopRuns(fn: ServiceFunction, machine: MachineNames): void {
  fn.may(['states:StopExecution'], machine.executionsArn);
  acknowledgeWildcard(
    fn,
    `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:${machine.name}:*`,
    'An execution is named after its wrapper and run, and is not there yet when this is deployed; its machine is.',
  );
}

/** For whoever may stop them too: what became of a run that tells nothing of itself. */
export function mayDescribeRuns(fn: ServiceFunction, machine: MachineNames): void {
  fn.may(['states:DescribeExecution'], machine.executionsArn);
}

/** Whether there is a machine that takes runs. */
export function mayLookAtMachine(fn: ServiceFunction, machine: MachineNames): void {
  fn.may(['states:DescribeStateMachine'], machine.arn);
}

/** Whether a schedule calls what it is for, or is disabled. */
export function mayLookAtSchedule(fn: ServiceFunction, schedule: ISchedule): void {
  fn.may(['scheduler:GetSchedule'], schedule.scheduleArn);
}

/** Whether it is there, and what is in it by name and size; not what it says. */
export function mayLookAtFiles(fn: ServiceFunction, files: IBucket): void {
  fn.may(['s3:ListBucket'], files.bucketArn);
}

export function mayReadUploads(fn: ServiceFunction, files: IBucket): void {
  fn.may(['s3:GetObject'], uploads(fn, files));
  // Without it S3 answers 403 instead of 404, and a missing file could not be told from a forbidden one.
  fn.may(['s3:ListBucket'], files.bucketArn);
}

/** Uploads, and the buckets that the deployment lets wrappers read. */
export function mayReadFiles(fn: ServiceFunction, files: IBucket, settings: Settings): void {
  fn.may(['s3:GetObject'], uploads(fn, files), ...settings.readBuckets.map((name) => objectsOf(fn, name)));
  // Without it S3 answers 403 instead of 404, and a missing file could not be told from a forbidden one.
  fn.may(['s3:ListBucket'], files.bucketArn, ...settings.readBuckets.map(bucketArn));
}

export function mayWriteFiles(fn: ServiceFunction, settings: Settings): void {
  if (settings.writeBuckets.length === 0) return;
  fn.may(['s3:PutObject'], ...settings.writeBuckets.map((name) => objectsOf(fn, name)));
}

export function maySendMessages(fn: ServiceFunction, settings: Settings): void {
  if (settings.writeQueues.length > 0)
    fn.may(['sqs:SendMessage'], ...settings.writeQueues.map((url) => queueArn(fn, url)));
}

/** Jobs for the poller, ten in a request. */
export function maySendPolls(fn: ServiceFunction, polls: IQueue): void {
  fn.may(['sqs:SendMessage'], polls.queueArn);
}

/** How much is in a queue. */
export function mayAskForAttributes(fn: ServiceFunction, queue: IQueue): void {
  fn.may(['sqs:GetQueueAttributes'], queue.queueArn);
}

/** For a function that Lambda calls with the queue's messages: what Lambda does there, it does in the function's name. */
export function mayReceiveMessages(fn: ServiceFunction, queue: IQueue): void {
  fn.may(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], queue.queueArn);
}

export function mayPutEvents(fn: ServiceFunction, settings: Settings): void {
  const arns = settings.writeBuses.map((name) =>
    Stack.of(fn).formatArn({ service: 'events', resource: 'event-bus', resourceName: name }),
  );
  if (arns.length > 0) fn.may(['events:PutEvents'], ...arns);
}

/** Secrets of this stage are named so; wrappers name what comes after it. */
export function secretsPrefix(settings: Settings): string {
  return `headgate/${settings.stage}/`;
}

/** The values of this stage's secrets; keys of KMS other than Secrets Manager's own are for their owner to grant. */
export function mayReadSecrets(fn: ServiceFunction, settings: Settings): void {
  const arn = Stack.of(fn).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretsPrefix(settings)}*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  fn.may(['secretsmanager:GetSecretValue'], arn);
  acknowledgeWildcard(
    fn,
    `arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${secretsPrefix(settings)}*`,
    'Secrets are created after the deployment, for wrappers that are, too; their names begin with its own.',
  );
}

/** The keys of feeds, those alone that the settings name. An ARN ends in six characters that nobody knows before. */
export function mayReadAdapterSecrets(fn: ServiceFunction, settings: Settings): void {
  const arns = settings.adapterSecrets.map((entry) =>
    Stack.of(fn).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${secretsPrefix(settings)}${entry.slice(entry.indexOf('=') + 1)}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  if (arns.length > 0) fn.may(['secretsmanager:GetSecretValue'], ...arns);
}

/** What a function may do, the addresses that it signs allow: here, to put one upload. */
export function mayUploadFiles(fn: ServiceFunction, files: IBucket): void {
  fn.may(['s3:PutObject'], uploads(fn, files));
}

function uploads(fn: ServiceFunction, files: IBucket): string {
  const owner = Stack.of(files);
  const arn = owner.exportValue(files.bucketArn);
  const { 'Fn::ImportValue': exportName } = owner.resolve(arn);
  acknowledgeWildcard(fn, `${exportName}/uploads/*`, 'Uploads are named by ids that callers are given later.');
  return `${arn}/uploads/*`;
}

function objectsOf(fn: ServiceFunction, bucket: string): string {
  const objects = `${bucketArn(bucket)}/*`;
  acknowledgeWildcard(fn, objects, 'The settings of this stage give wrappers this bucket, with whatever is in it.');
  return objects;
}

/** `https://sqs.<region>.amazonaws.com/<account>/<name>` says it all. */
function queueArn(fn: ServiceFunction, url: string): string {
  const { hostname, pathname } = new URL(url);
  const [, region] = hostname.split('.');
  const [, account, resource = ''] = pathname.split('/');
  return Stack.of(fn).formatArn({ service: 'sqs', region, account, resource });
}

function bucketArn(name: string): string {
  return `arn:aws:s3:::${name}`;
}

function acknowledgeWildcard(fn: ServiceFunction, resource: string, reason: string): void {
  Validations.of(fn).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
