import type { Construct } from 'constructs';
import {
  mayChangeItems,
  mayDeleteItems,
  mayDescribeRuns,
  mayListItems,
  mayPutEvents,
  mayQueryIndex,
  mayReadFiles,
  mayReadSecrets,
  maySendMessages,
  mayStartRuns,
  mayStopRuns,
  mayWriteBatches,
  mayWriteFiles,
  secretsPrefix,
} from '../constructs/permissions.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { controlVariables, type ServiceContext } from '../service-context.ts';

/** The functions that carry runs. */
export type RunFunctions = {
  readonly runSlice: ServiceFunction;
  readonly handOverRun: ServiceFunction;
  readonly recordCrash: ServiceFunction;
  readonly reconcileRuns: ServiceFunction;
};

export function runFunctions(scope: Construct, context: ServiceContext): RunFunctions {
  const { settings, code, state, heartbeats, machine } = context;
  const common = { settings, code, heartbeats, timeoutSeconds: 30, memoryMegabytes: 512 };
  const runSlice = sliceFunction(scope, context);
  const handOverRun = new ServiceFunction(scope, 'HandOverRun', {
    ...common,
    name: 'handOverRun',
    purpose: 'Starts a fresh execution of a run whose history grows long',
    environment: controlVariables(context),
  });
  mayChangeItems(handOverRun, state.wrappers);
  mayStartRuns(handOverRun, machine);
  // A stop in the middle of a hand-over can't know of the execution that is started after it.
  mayStopRuns(handOverRun, machine);

  const recordCrash = new ServiceFunction(scope, 'RecordCrash', {
    ...common,
    name: 'recordCrash',
    purpose: 'Records that a slice ended without an outcome',
    environment: controlVariables(context),
  });
  mayChangeItems(recordCrash, state.wrappers);

  const reconcileRuns = new ServiceFunction(scope, 'ReconcileRuns', {
    ...common,
    // Shorter than the minute in which it is called again.
    timeoutSeconds: 55,
    name: 'reconcileRuns',
    purpose: 'Finds runs that died or never began, every minute',
    environment: controlVariables(context),
  });
  mayChangeItems(reconcileRuns, state.wrappers);
  mayQueryIndex(reconcileRuns, state.wrappers, 'running');
  // What a deleted wrapper left is its to remove.
  mayListItems(reconcileRuns, state.wrappers);
  mayDeleteItems(reconcileRuns, state.wrappers);
  mayWriteBatches(reconcileRuns, state.wrappers);
  mayStartRuns(reconcileRuns, machine);
  mayStopRuns(reconcileRuns, machine);
  mayDescribeRuns(reconcileRuns, machine);
  return { runSlice, handOverRun, recordCrash, reconcileRuns };
}

function sliceFunction(scope: Construct, context: ServiceContext): ServiceFunction {
  const { settings, code, state, heartbeats } = context;
  const runSlice = new ServiceFunction(scope, 'RunSlice', {
    settings,
    code,
    heartbeats,
    name: 'runSlice',
    purpose: "Moves one slice of a run's data points",
    timeoutSeconds: settings.sliceSeconds,
    // Reading and mapping rows is bound by the processor, and 1,769 MB is what comes with exactly one.
    memoryMegabytes: 1769,
    // Rows live shortly: a small nursery keeps the process flat at 160 MB instead of 280 MB for a million of them.
    nodeOptions: '--max-semi-space-size=4',
    environment: {
      ...controlVariables(context),
      FILES_BUCKET: state.files.bucketName,
      ALLOWED_HOSTS: settings.allowedHosts.join(','),
      ALLOWED_PORTS: settings.allowedPorts.join(','),
      READ_BUCKETS: settings.readBuckets.join(','),
      WRITE_BUCKETS: settings.writeBuckets.join(','),
      WRITE_QUEUES: settings.writeQueues.join(','),
      WRITE_BUSES: settings.writeBuses.join(','),
      SECRETS_PREFIX: secretsPrefix(settings),
      HANDOVER_AFTER: String(settings.handoverAfter),
    },
  });
  mayChangeItems(runSlice, state.wrappers);
  mayWriteBatches(runSlice, state.wrappers);
  mayListItems(runSlice, state.wrappers);
  mayReadFiles(runSlice, state.files, settings);
  mayWriteFiles(runSlice, settings);
  maySendMessages(runSlice, settings);
  mayPutEvents(runSlice, settings);
  mayReadSecrets(runSlice, settings);
  return runSlice;
}
