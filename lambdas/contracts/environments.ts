import * as z from 'zod';

/**
 * The environment of each function. The same schema types the construct that deploys it (forgetting a
 * variable fails the build) and reads it once at cold start (`platform/env.ts`).
 */
const seconds = z.coerce.number().positive();
const list = z.string().transform((text) => (text === '' ? [] : text.split(',')));

const wrappers = z.object({ WRAPPERS_TABLE: z.string() });

const control = wrappers.extend({
  STATE_MACHINE_ARN: z.string(),
  /** How long a run counts as alive without a sign of life. */
  LEASE_SECONDS: seconds,
  /** T: how long one permit to send lasts. */
  SEND_SECONDS: seconds,
  /** Largest clock difference between two functions that must do no harm. */
  MARGIN_SECONDS: seconds,
});

/** Where the data of wrappers is read from. */
const reading = z.object({
  FILES_BUCKET: z.string(),
  /** `host`, `host:port`, each exempt from the address guard; empty in a deployed stack. */
  ALLOWED_HOSTS: list,
  /** The ports that all other hosts may be contacted at. */
  ALLOWED_PORTS: list.pipe(z.array(z.coerce.number<string>().int())),
  /** Buckets that wrappers may read from, besides their own uploads. */
  READ_BUCKETS: list,
  /** What the names of the deployment's secrets begin with: `headgate/<stage>/`. */
  SECRETS_PREFIX: z.string(),
});

const feeds = z.object({
  FEEDS_TABLE: z.string(),
  /** `adapter=name of a secret` for each adapter that needs a key; one that is not in here is not registered. */
  ADAPTER_SECRETS: list,
});

const keys = z.object({ KEYS_TABLE: z.string() });

/** All that the system needs to work: what there is to be checked. */
const checked = wrappers.extend({
  FEEDS_TABLE: z.string(),
  RECORDS_TABLE: z.string(),
  KEYS_TABLE: z.string(),
  HEARTBEATS_TABLE: z.string(),
  POLL_QUEUE_URL: z.string(),
  POLL_DEAD_LETTERS_URL: z.string(),
  STATE_MACHINE_ARN: z.string(),
  /** Names of the schedules that call every minute. */
  DISPATCHER_SCHEDULE: z.string(),
  RECONCILER_SCHEDULE: z.string(),
  FILES_BUCKET: z.string(),
});

export const environments = {
  authorizeRequest: keys.extend({
    /** The value of the gateway key on which requests without a key are counted. No secret, and no token of anybody. */
    ANONYMOUS_KEY: z.string(),
  }),
  createUpload: z.object({ FILES_BUCKET: z.string(), UPLOAD_LIMIT_BYTES: z.coerce.number().positive() }),
  createWrapper: wrappers,
  listWrappers: wrappers,
  getWrapper: wrappers,
  updateWrapper: control,
  deleteWrapper: control,
  inferWrapper: reading.pick({ FILES_BUCKET: true, ALLOWED_HOSTS: true, ALLOWED_PORTS: true }),
  previewDefinition: reading,
  previewWrapper: wrappers.extend(reading.shape),
  executeWrapper: control.extend({ EXECUTE_WAIT_SECONDS: seconds }),
  stopWrapper: control,
  getWrapperHealth: wrappers,
  getWrapperMonitoring: wrappers,
  listExecutions: wrappers,
  getExecution: wrappers,
  listQuarantine: wrappers,
  redriveQuarantine: control.extend({ EXECUTE_WAIT_SECONDS: seconds }),
  listLogs: wrappers,
  getCheckpoint: wrappers,
  listCheckpoints: wrappers,
  setCheckpoint: wrappers,
  deleteCheckpoint: wrappers,
  runSlice: control.extend({
    ...reading.shape,
    /** Buckets that wrappers may write to. */
    WRITE_BUCKETS: list,
    /** URLs of queues and names of buses that wrappers may write to. */
    WRITE_QUEUES: list,
    WRITE_BUSES: list,
    /** Slices after which a run is handed over to a fresh execution, far below the 25,000 events of its history. */
    HANDOVER_AFTER: z.coerce.number().int().positive(),
  }),
  handOverRun: control,
  recordCrash: control,
  reconcileRuns: control,
  dispatchPolls: feeds.extend({
    POLL_QUEUE_URL: z.string(),
    /** Where polls and calls of it that failed for good end. */
    DEAD_LETTERS_URLS: list,
  }),
  pollFeeds: feeds.extend({
    RECORDS_TABLE: z.string(),
    ALLOWED_HOSTS: list,
    SECRETS_PREFIX: z.string(),
    /** Where feeds are read instead of at their own addresses, `<mirror>/<host>/<path>`; empty in a deployed stack. */
    FEEDS_MIRROR: z.string(),
  }),
  getFeedHealth: feeds,
  getAdapterHealth: feeds,
  listRecords: feeds.extend({ RECORDS_TABLE: z.string() }),
  createKey: keys.extend({
    /** New keys are counted on the usage plan of this name. */
    USAGE_PLAN: z.string(),
  }),
  listKeys: keys,
  revokeKey: keys,
  rotateKey: keys,
  getSystemHealth: z.object({}),
  getReadiness: checked,
  getSystemStatus: checked.extend({
    /** Of the product, as package.json has it. */
    VERSION: z.string(),
  }),
};

export type FunctionName = keyof typeof environments;
export type EnvironmentOf<Name extends FunctionName> = z.output<(typeof environments)[Name]>;
/** What the construct must provide: text, one per variable. */
export type VariablesOf<Name extends FunctionName> = { [Key in keyof EnvironmentOf<Name>]: string };
