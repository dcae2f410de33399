import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { DescribeStateMachineCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { EnvironmentOf } from '../../contracts/environments.ts';
import { type Check, checkComponents } from '../../domain/status/check-components.ts';
import type { Components } from '../../domain/status/component-health.ts';
import { logger } from '../logger.ts';
import { systemClock } from '../system-clock.ts';
import { causeOf } from './cause-of.ts';
import { dynamo, s3, scheduler, sqs, stepFunctions } from './clients.ts';

type CheckedEnvironment = EnvironmentOf<'getReadiness'>;

/** A look at all components as they are now. What a failure was is logged; what is told of it is `causeOf`. */
export function componentsNow(env: CheckedEnvironment): () => Promise<Components> {
  const checks = systemChecks(env);
  const told = (error: unknown) => {
    logger.warn('check failed', { reason: String(error) });
    return causeOf(error);
  };
  return () => checkComponents(checks, { clock: systemClock, causeOf: told });
}

function systemChecks(env: CheckedEnvironment): readonly Check[] {
  return [
    tableCheck('wrappers', env.WRAPPERS_TABLE, ['wrapper_id', 'item']),
    tableCheck('feeds', env.FEEDS_TABLE, ['part', 'adapter_id']),
    tableCheck('records', env.RECORDS_TABLE, ['adapter_id', 'record_id']),
    tableCheck('keys', env.KEYS_TABLE, ['key_id']),
    tableCheck('heartbeats', env.HEARTBEATS_TABLE, ['type', 'hostname']),
    queueCheck('poll-queue', env.POLL_QUEUE_URL),
    queueCheck('poll-dead-letters', env.POLL_DEAD_LETTERS_URL),
    machineCheck(env.STATE_MACHINE_ARN),
    scheduleCheck('dispatcher', env.DISPATCHER_SCHEDULE),
    scheduleCheck('reconciler', env.RECONCILER_SCHEDULE),
    bucketCheck(env.FILES_BUCKET),
  ];
}

/** Reads an item that is never there. */
function tableCheck(part: string, table: string, keys: readonly string[]): Check {
  const key: Record<string, AttributeValue> = Object.fromEntries(keys.map((name) => [name, { S: '-' }]));
  const get = { TableName: table, Key: key, ConsistentRead: true };
  return {
    component: 'store',
    part,
    async probe(abortSignal) {
      await dynamo.send(new GetItemCommand(get), { abortSignal });
      return null;
    },
  };
}

function queueCheck(component: string, url: string): Check {
  return {
    component,
    async probe(abortSignal) {
      const get = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] });
      await sqs.send(get, { abortSignal });
      return null;
    },
  };
}

function machineCheck(arn: string): Check {
  return {
    component: 'state-machine',
    async probe(abortSignal) {
      const describe = new DescribeStateMachineCommand({ stateMachineArn: arn });
      const { status } = await stepFunctions.send(describe, { abortSignal });
      return status === 'ACTIVE' ? null : 'being deleted';
    },
  };
}

function scheduleCheck(part: string, name: string): Check {
  return {
    component: 'schedules',
    part,
    async probe(abortSignal) {
      const { State } = await scheduler.send(new GetScheduleCommand({ Name: name }), { abortSignal });
      return State === 'ENABLED' ? null : 'disabled';
    },
  };
}

function bucketCheck(bucket: string): Check {
  return {
    component: 'files',
    async probe(abortSignal) {
      await s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal });
      return null;
    },
  };
}
