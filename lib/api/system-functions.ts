import type { Schedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import packageJson from '../../package.json' with { type: 'json' };
import {
  mayAskForAttributes,
  mayGetItems,
  mayListItems,
  mayLookAtFiles,
  mayLookAtMachine,
  mayLookAtSchedule,
  mayQueryIndex,
  mayScanItems,
} from '../constructs/permissions.ts';
import type { QueueConsumer } from '../constructs/queue-consumer.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { ServiceContext } from '../service-context.ts';

/** What the health of the system hangs on, besides what all functions know. */
export type Watched = {
  readonly polls: QueueConsumer;
  /** Which call the dispatcher and the reconciler every minute. */
  readonly dispatcher: Schedule;
  readonly reconciler: Schedule;
};

/** The functions that tell how the system is: they look at everything, and change nothing. */
export function systemFunctions(scope: Construct, context: ServiceContext, watched: Watched) {
  const { settings, code, heartbeats } = context;
  const checked = checkedVariables(context, watched);
  // Checks have a second each, connections to five services included when it is the first call of a sandbox.
  const common = { settings, code, heartbeats, timeoutSeconds: 10, memoryMegabytes: 1024 };
  const getReadiness = new ServiceFunction(scope, 'GetReadiness', {
    ...common,
    name: 'getReadiness',
    purpose: 'Tells whether all components work',
    environment: checked,
  });
  const getSystemStatus = new ServiceFunction(scope, 'GetSystemStatus', {
    ...common,
    name: 'getSystemStatus',
    purpose: 'Tells how each component is, and what there is to do',
    environment: { ...checked, VERSION: packageJson.version },
  });
  for (const fn of [getReadiness, getSystemStatus]) mayCheckComponents(fn, context, watched);
  mayCount(getSystemStatus, context);
  const getSystemHealth = new ServiceFunction(scope, 'GetSystemHealth', {
    ...common,
    name: 'getSystemHealth',
    purpose: 'Answers',
    environment: {},
    memoryMegabytes: 512,
  });
  return { getSystemHealth, getReadiness, getSystemStatus };
}

/** The variables of `checked` in `lambdas/contracts/environments.ts`. */
function checkedVariables({ state, heartbeats, machine }: ServiceContext, { polls, dispatcher, reconciler }: Watched) {
  return {
    WRAPPERS_TABLE: state.wrappers.tableName,
    FEEDS_TABLE: state.feeds.tableName,
    RECORDS_TABLE: state.records.tableName,
    KEYS_TABLE: state.keys.tableName,
    HEARTBEATS_TABLE: heartbeats.tableName,
    POLL_QUEUE_URL: polls.queue.queueUrl,
    POLL_DEAD_LETTERS_URL: polls.deadLetters.queueUrl,
    STATE_MACHINE_ARN: machine.arn,
    DISPATCHER_SCHEDULE: dispatcher.scheduleName,
    RECONCILER_SCHEDULE: reconciler.scheduleName,
    FILES_BUCKET: state.files.bucketName,
  };
}

/** What there is of runs, wrappers, records, keys and sandboxes; of uploads it may know as much for its checks. */
function mayCount(fn: ServiceFunction, { state, heartbeats }: ServiceContext): void {
  for (const table of [state.wrappers, heartbeats]) mayListItems(fn, table);
  for (const index of ['listed', 'running'] as const) mayQueryIndex(fn, state.wrappers, index);
  for (const table of [state.records, state.keys]) mayScanItems(fn, table);
}

function mayCheckComponents(fn: ServiceFunction, context: ServiceContext, watched: Watched): void {
  const { state, heartbeats, machine } = context;
  const { wrappers, feeds, records, keys, files } = state;
  for (const table of [wrappers, feeds, records, keys, heartbeats]) mayGetItems(fn, table);
  for (const queue of [watched.polls.queue, watched.polls.deadLetters]) mayAskForAttributes(fn, queue);
  mayLookAtMachine(fn, machine);
  for (const schedule of [watched.dispatcher, watched.reconciler]) mayLookAtSchedule(fn, schedule);
  mayLookAtFiles(fn, files);
}
