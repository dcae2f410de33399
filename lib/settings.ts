import type { Node } from 'constructs';
import * as z from 'zod';

const seconds = (most: number) => z.coerce.number().positive().max(most);
const count = (most = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().positive().max(most);
/** Context given on the command line is text: `a,b`; in `cdk.json` it may be an array. */
const listOf = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter((each) => each !== '') : value),
    z.array(item),
  );
const list = listOf(z.string().min(1));
const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name');
const queueUrl = z
  .string()
  .regex(
    /^https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/\d{12}\/[\w-]{1,80}(\.fifo)?$/,
    'must be a queue URL: https://sqs.<region>.amazonaws.com/<account>/<name>',
  );
const busName = z.string().regex(/^[\w.-]{1,256}$/, 'must be the name of an event bus');
const adapterSecret = z.string().regex(/^[a-z0-9-]+=[\w/+=.@-]+$/, 'must look like adapter-id=name-of-its-secret');

const Values = z.strictObject({
  /** How long a run counts as alive without a sign of life. */
  leaseSeconds: seconds(3600),
  /** T: how long one permit to send lasts, all retries of a batch included. With the margin it must fit into a stop. */
  sendSeconds: seconds(15),
  /** Largest clock difference between two functions that must do no harm. */
  marginSeconds: seconds(5),
  /** How long execute waits for its run: the gateway gives up after 29 s. */
  executeWaitSeconds: seconds(25),
  /** Time-out of one slice; the longer, the fewer transitions of the state machine are paid for. */
  sliceSeconds: count(900),
  /** Slices in one execution, which may have 25,000 events: 9 for a slice and its wait, 3 more for each retry. */
  handoverAfter: count(2000),
  uploadLimitBytes: count(5 * 1024 ** 3),
  /** `host` or `host:port`, each exempt from the guard against private addresses. */
  allowedHosts: list,
  /** Of public hosts over https: the usual ones, because any other is more likely someone's internal service. */
  allowedPorts: listOf(count(65_535)),
  /** Buckets that wrappers may read from and write to, besides the deployment's own uploads. */
  readBuckets: list.pipe(z.array(bucketName)),
  writeBuckets: list.pipe(z.array(bucketName)),
  /** Queues, by URL, and event buses, by name, of the deployment's region that wrappers may write to. */
  writeQueues: list.pipe(z.array(queueUrl)),
  writeBuses: list.pipe(z.array(busName)),
  /** Of one API key: steady rate, burst, and requests in a day. */
  requestsPerSecond: count(10_000),
  requestBurst: count(5_000),
  requestsPerDay: count(),
  /** Of all requests together that come without a key, as feeds allow. */
  anonymousRequestsPerSecond: count(10_000),
  anonymousBurst: count(5_000),
  /** Of one address, by a rule of AWS WAF, which costs money while nothing happens; 0: there is none. */
  wafRequestsPer5Minutes: z.coerce
    .number()
    .int()
    .max(2_000_000_000)
    .refine((requests) => requests === 0 || requests >= 10, 'must be at least 10, or 0 for no limit'),
  /** Which feeds there are: a module that exports `adapters`, by its path from the repository's root. */
  adapters: z.string().min(1),
  /** `adapter=secret` for each adapter that needs a key; one without is left out. Secrets are named as wrappers name them. */
  adapterSecrets: list.pipe(z.array(adapterSecret)),
  /** Where feeds are read instead of at their own addresses, `<mirror>/<host>/<path>`; empty: at their own. */
  feedsMirror: z.literal('').or(z.url({ protocol: /^https?$/ })),
  /** Calls of the poller at once, each with up to ten polls; the least and the most are what Lambda lets one ask for. */
  pollConcurrency: z.coerce.number().int().min(2).max(1000),
  logRetentionDays: z.coerce.number().pipe(z.literal([1, 3, 5, 7, 14, 30, 60, 90, 180, 365])),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  /** Metrics, alarms and a dashboard: they cost money while nothing happens. */
  monitoring: z.stringbool().or(z.boolean()),
  /** Who is sent mail when an alarm goes off; empty: nobody, until somebody subscribes to the topic. */
  alarmEmail: z.literal('').or(z.email()),
  /** Tables and files outlive their stack and can be restored to any second; the stacks refuse deletion. */
  keepData: z.stringbool().or(z.boolean()),
});

/** A slice starts a batch only if a whole permit and this much, for its commit and its answer, are left. */
const SLICE_RESERVE_SECONDS = 5;

const Settings = Values.refine(({ sliceSeconds, sendSeconds }) => sliceSeconds > sendSeconds + SLICE_RESERVE_SECONDS, {
  path: ['sliceSeconds'],
  message: `must be more than sendSeconds + ${SLICE_RESERVE_SECONDS}, or no batch would fit into a slice`,
});

const stages = ['dev', 'prod', 'local'] as const;
type Stage = (typeof stages)[number];
export type Settings = z.output<typeof Settings> & { readonly stage: Stage };

const dev: z.output<typeof Settings> = {
  leaseSeconds: 60,
  sendSeconds: 15,
  marginSeconds: 2,
  executeWaitSeconds: 25,
  sliceSeconds: 300,
  handoverAfter: 1000,
  uploadLimitBytes: 5 * 1024 ** 3,
  allowedHosts: [],
  allowedPorts: [443, 8443],
  readBuckets: [],
  writeBuckets: [],
  writeQueues: [],
  writeBuses: [],
  requestsPerSecond: 50,
  requestBurst: 100,
  requestsPerDay: 1_000_000,
  anonymousRequestsPerSecond: 50,
  anonymousBurst: 100,
  wafRequestsPer5Minutes: 0,
  adapters: 'lambdas/adapters/registry.ts',
  adapterSecrets: [],
  feedsMirror: '',
  pollConcurrency: 10,
  logRetentionDays: 14,
  logLevel: 'INFO',
  monitoring: false,
  alarmEmail: '',
  keepData: false,
};

const defaults: Record<Stage, z.output<typeof Settings>> = {
  dev,
  prod: { ...dev, logRetentionDays: 90, monitoring: true, keepData: true },
  local: {
    ...dev,
    allowedHosts: ['127.0.0.1', 'localhost', '[::1]'],
    readBuckets: ['headgate-local'],
    writeBuckets: ['headgate-local'],
    writeQueues: [
      'https://sqs.us-east-1.amazonaws.com/000000000000/headgate-local',
      'https://sqs.us-east-1.amazonaws.com/000000000000/headgate-local.fifo',
    ],
    writeBuses: ['headgate-local'],
    requestsPerSecond: 1000,
    requestBurst: 2000,
    requestsPerDay: 100_000_000,
    anonymousRequestsPerSecond: 1000,
    anonymousBurst: 2000,
    // Nothing is paid for here, and what is tested is what would be deployed.
    monitoring: true,
    // The local stack puts the address of its replay upstream in its place.
    feedsMirror: 'http://replay.localhost',
  },
};

type Context = Readonly<Record<string, unknown>>;

/** Settings that can't be used; its message is one line for whoever gave them, and its stack tells nothing. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * The settings of the stage in context `stage` (default `dev`), each replaced by the context of its own name where
 * that is given: `cdk deploy -c stage=prod -c readBuckets=archive,landing`.
 *
 * @throws SettingsError that lists every unknown name and bad value at once, so that a typing error never deploys.
 */
export function readSettings(node: Node): Settings {
  return settingsOf(node.getAllContext());
}

/** The same of context that is not in an app. @throws SettingsError */
export function settingsOf(context: Context): Settings {
  const stage = stages.find((known) => known === (context.stage ?? 'dev'));
  if (stage === undefined) {
    throw new SettingsError(`Unknown stage "${context.stage}": must be one of ${stages.join(', ')}`);
  }
  const own = ownContext(context);
  const parsed = Settings.safeParse({ ...defaults[stage], ...own });
  if (!parsed.success) {
    const mistakes = parsed.error.issues.flatMap((issue) => mistakesOf(issue, own));
    throw new SettingsError(`Settings of stage "${stage}": ${mistakes.join('; ')}`);
  }
  return { stage, ...parsed.data };
}

function mistakesOf(issue: z.core.$ZodIssue, given: Context): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => `there is no setting "${name}" (lib/settings.ts has them all)`);
  }
  const name = String(issue.path[0]);
  return [`"${name}" can't be ${JSON.stringify(given[name])}: ${issue.message}`];
}

/** Context that is neither the stage nor the CDK's own, whose names have a colon, a slash or an @ in them. */
function ownContext(context: Context): Context {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== 'stage' && !/[:/@]/.test(name)));
}
