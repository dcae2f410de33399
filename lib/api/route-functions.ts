import type { Construct } from 'constructs';
import type { VariablesOf } from '../../lambdas/contracts/environments.ts';
import type { RouteFunctionName } from '../../lambdas/contracts/scopes.ts';
import {
  mayChangeItems,
  mayCreateGatewayKeys,
  mayDeleteGatewayKeys,
  mayDeleteItems,
  mayGetItems,
  mayListItems,
  mayPutItems,
  mayQueryIndex,
  mayReadFiles,
  mayReadSecrets,
  mayReadUploads,
  mayScanItems,
  mayStartRuns,
  mayStopRuns,
  mayUpdateItems,
  mayUploadFiles,
  secretsPrefix,
} from '../constructs/permissions.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { controlVariables, feedsVariables, type ServiceContext } from '../service-context.ts';
import { systemFunctions, type Watched } from './system-functions.ts';
import { usagePlanName } from './usage-plan-name.ts';

/** Longer than an answer needs, shorter than the 29 s after which the gateway gives up. */
const short = 10;
/** For what waits for a run: its waiting and then its own work, still before the gateway gives up. */
const long = 28;
/** Reading and mapping rows is bound by the processor, and 1,769 MB is what comes with exactly one. */
const oneProcessor = 1769;

/** Builds the function of every route, each with exactly what it may do. */
export function routeFunctions(
  scope: Construct,
  context: ServiceContext,
  watched: Watched,
): { [Name in RouteFunctionName]: ServiceFunction } {
  const { state, machine, settings } = context;
  const { wrappers, feeds, records, keys } = state;
  const functions = declareFunctions(scope, context);

  mayUploadFiles(functions.createUpload, state.files);
  mayReadUploads(functions.inferWrapper, state.files);
  for (const name of readers) {
    mayReadFiles(functions[name], state.files, settings);
    mayReadSecrets(functions[name], settings);
  }
  for (const name of [...getters, ...listers]) mayGetItems(functions[name], wrappers);
  for (const name of listers) mayListItems(functions[name], wrappers);
  for (const name of changers) mayChangeItems(functions[name], wrappers);
  mayPutItems(functions.createWrapper, wrappers);
  mayQueryIndex(functions.listWrappers, wrappers, 'listed');
  // A request's idempotency key is bound to the run it began.
  mayUpdateItems(functions.executeWrapper, wrappers);
  // A definition that came to nothing is taken back; what a deleted wrapper left is the reconciler's to remove.
  mayDeleteItems(functions.updateWrapper, wrappers);
  mayListItems(functions.getFeedHealth, feeds);
  mayGetItems(functions.getAdapterHealth, feeds);
  mayListItems(functions.listRecords, feeds);
  mayListItems(functions.listRecords, records);
  mayPutItems(functions.createKey, keys);
  mayCreateGatewayKeys(functions.createKey);
  // With each new key, some go that ended long ago.
  mayDeleteItems(functions.createKey, keys);
  for (const name of ['createKey', 'listKeys'] as const) mayScanItems(functions[name], keys);
  for (const name of ['revokeKey', 'rotateKey'] as const) {
    mayGetItems(functions[name], keys);
    mayUpdateItems(functions[name], keys);
  }
  // What could not be recorded is taken back at the gateway.
  for (const name of ['createKey', 'revokeKey'] as const) mayDeleteGatewayKeys(functions[name]);
  for (const name of starters) mayStartRuns(functions[name], machine);
  for (const name of stoppers) mayStopRuns(functions[name], machine);
  return { ...functions, ...systemFunctions(scope, context, watched) };
}

/** They read what a wrapper would read. */
const readers = ['previewDefinition', 'previewWrapper'] as const satisfies RouteFunctionName[];
const getters = [
  'previewWrapper',
  'getWrapperHealth',
  'getWrapperMonitoring',
  'getExecution',
  'getCheckpoint',
] as const satisfies RouteFunctionName[];
const listers = [
  'listWrappers',
  'getWrapper',
  'updateWrapper',
  'listExecutions',
  'listQuarantine',
  'listLogs',
  'listCheckpoints',
] as const satisfies RouteFunctionName[];
const changers = [
  'updateWrapper',
  'deleteWrapper',
  'executeWrapper',
  'redriveQuarantine',
  'stopWrapper',
  'setCheckpoint',
  'deleteCheckpoint',
] as const satisfies RouteFunctionName[];
const starters = ['executeWrapper', 'redriveQuarantine'] as const satisfies RouteFunctionName[];
/** Changing and deleting can stop the run first, `?stop=true`. */
const stoppers = ['stopWrapper', 'updateWrapper', 'deleteWrapper'] as const satisfies RouteFunctionName[];

/** All but those about the system as a whole. */
function declareFunctions(scope: Construct, context: ServiceContext) {
  const { settings, code, state, heartbeats } = context;
  const declare = <Name extends RouteFunctionName>(
    name: Name,
    purpose: string,
    environment: VariablesOf<Name>,
    timeoutSeconds = short,
    // Processor comes with memory, and a cold start is bound by it; more than this no longer shortens it much.
    memoryMegabytes = 512,
  ): ServiceFunction =>
    new ServiceFunction<Name>(scope, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, {
      name,
      purpose,
      environment,
      timeoutSeconds,
      code,
      settings,
      heartbeats,
      memoryMegabytes,
    });
  const wrappers = { WRAPPERS_TABLE: state.wrappers.tableName };
  const control = controlVariables(context);
  const feeds = feedsVariables(context);
  const keys = { KEYS_TABLE: state.keys.tableName };
  const upload = { FILES_BUCKET: state.files.bucketName, UPLOAD_LIMIT_BYTES: String(settings.uploadLimitBytes) };
  const execute = { ...control, EXECUTE_WAIT_SECONDS: String(settings.executeWaitSeconds) };
  const sample = {
    FILES_BUCKET: state.files.bucketName,
    ALLOWED_HOSTS: settings.allowedHosts.join(','),
    ALLOWED_PORTS: settings.allowedPorts.join(','),
  };
  const reading = {
    ...sample,
    READ_BUCKETS: settings.readBuckets.join(','),
    SECRETS_PREFIX: secretsPrefix(settings),
  };
  return {
    createUpload: declare('createUpload', 'Signs an address to upload a file to', upload),
    createWrapper: declare('createWrapper', 'Stores a new wrapper', wrappers),
    listWrappers: declare('listWrappers', 'Lists wrappers', wrappers),
    getWrapper: declare('getWrapper', 'Gives a wrapper', wrappers),
    updateWrapper: declare('updateWrapper', 'Changes a wrapper', control, long),
    deleteWrapper: declare('deleteWrapper', 'Deletes a wrapper and all it left', control, long),
    inferWrapper: declare('inferWrapper', 'Proposes a wrapper for a sample', sample, long, oneProcessor),
    previewDefinition: declare(
      'previewDefinition',
      'Shows what a definition would send, and sends nothing',
      reading,
      long,
      oneProcessor,
    ),
    previewWrapper: declare(
      'previewWrapper',
      'Shows what a wrapper would send, and sends nothing',
      { ...wrappers, ...reading },
      long,
      oneProcessor,
    ),
    executeWrapper: declare('executeWrapper', 'Starts or joins a run and waits for it', execute, long),
    stopWrapper: declare('stopWrapper', 'Stops a run, and answers once it has stopped', control, long),
    getWrapperHealth: declare('getWrapperHealth', "Judges a wrapper's health by one read", wrappers),
    getWrapperMonitoring: declare('getWrapperMonitoring', 'Gives the evidence for a health verdict', wrappers),
    listExecutions: declare('listExecutions', 'Lists the runs of a wrapper', wrappers),
    getExecution: declare('getExecution', 'Gives a run', wrappers),
    listQuarantine: declare('listQuarantine', 'Lists the rows that a run could not use', wrappers),
    redriveQuarantine: declare('redriveQuarantine', 'Sends the rows that fit by now', execute, long),
    listLogs: declare('listLogs', 'Lists what a wrapper logged', wrappers),
    getCheckpoint: declare('getCheckpoint', 'Gives the checkpoint of a wrapper', wrappers),
    listCheckpoints: declare('listCheckpoints', 'Lists earlier checkpoints', wrappers),
    setCheckpoint: declare('setCheckpoint', 'Moves a checkpoint', wrappers),
    deleteCheckpoint: declare('deleteCheckpoint', 'Forgets a checkpoint', wrappers),
    getFeedHealth: declare('getFeedHealth', "Judges every feed's health", feeds),
    getAdapterHealth: declare('getAdapterHealth', "Judges a feed's health", feeds),
    listRecords: declare('listRecords', 'Lists the records of feeds', {
      ...feeds,
      RECORDS_TABLE: state.records.tableName,
    }),
    createKey: declare('createKey', 'Creates an API key', { ...keys, USAGE_PLAN: usagePlanName(settings) }, long),
    listKeys: declare('listKeys', 'Lists API keys, without their secrets', keys),
    revokeKey: declare('revokeKey', 'Revokes an API key', keys, long),
    rotateKey: declare('rotateKey', 'Gives an API key another secret', keys),
  };
}
