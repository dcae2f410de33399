import type { Context } from 'aws-lambda';
import type { SliceInput, SliceResult } from '../../contracts/payloads.ts';
import { runSlice } from '../../domain/run/run-slice.ts';
import type { SliceEnd } from '../../domain/run/slice-end.ts';
import { recentConditions } from '../../domain/status/recent-conditions.ts';
import { readEnv } from '../../platform/env.ts';
import { openFiles } from '../../platform/files/open-files.ts';
import { addressPolicy } from '../../platform/http/address-policy.ts';
import { guardedClient } from '../../platform/http/guarded-client.ts';
import { httpExchange } from '../../platform/http/http-exchange.ts';
import { httpPost } from '../../platform/http/http-post.ts';
import { openWork } from '../../platform/open-work.ts';
import { putEvents } from '../../platform/put-events.ts';
import { putObject } from '../../platform/put-object.ts';
import { timingOf } from '../../platform/run-control.ts';
import { measureRun, measureSlice } from '../../platform/run-metrics.ts';
import { secretReader } from '../../platform/secrets.ts';
import { sendMessages } from '../../platform/send-messages.ts';
import { beating } from '../../platform/status/beating.ts';
import { systemClock } from '../../platform/system-clock.ts';
import { wrapperStore } from '../../platform/wrappers/wrapper-store.ts';

const env = readEnv('runSlice');
const store = wrapperStore(env.WRAPPERS_TABLE);
const client = guardedClient(addressPolicy(env.ALLOWED_HOSTS, env.ALLOWED_PORTS));
const ports = {
  openFile: openFiles({ client, uploads: env.FILES_BUCKET, readBuckets: env.READ_BUCKETS }),
  exchange: httpExchange(client),
  clock: systemClock,
  post: httpPost(client),
  put: putObject(env.WRITE_BUCKETS),
  sendMessages: sendMessages(env.WRITE_QUEUES),
  putEvents: putEvents(env.WRITE_BUSES),
  secret: secretReader({ prefix: env.SECRETS_PREFIX, now: systemClock.now }),
  now: systemClock.now,
};
const conditions = recentConditions(systemClock.now);

/** One slice of a run; after so many, a hand-over in its place: only here, behind every wait, it cuts none short. */
export const handler = beating('runSlice', slice, conditions.list);

async function slice(input: SliceInput, context: Context): Promise<SliceResult> {
  if (input.slices >= env.HANDOVER_AFTER) return { ...input, outcome: 'handover' };
  const end = await runSlice(
    { wrapperId: input.wrapper_id, epoch: input.epoch },
    {
      store: store.states,
      history: store.history,
      clock: systemClock,
      onSettled: measureRun,
      onLeaseLost: () => conditions.note('LeaseLost'),
      timing: timingOf(env),
      random: Math.random,
      memoryMb: Number(context.memoryLimitInMB),
      remainingMs: () => context.getRemainingTimeInMillis(),
      open: (state) => openWork(state, store, ports),
    },
  );
  measureSlice(end);
  return result(input, end);
}

function result(input: SliceInput, end: SliceEnd): SliceResult {
  const next = { ...input, slices: input.slices + 1 };
  if (end.outcome === 'wait') return { ...next, outcome: 'wait', wait_until: new Date(end.until).toISOString() };
  return { ...next, outcome: end.outcome };
}
