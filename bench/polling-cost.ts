import { prices } from '../lambdas/domain/prices.ts';

const MILLION = 1_000_000;
/** As the poller is deployed (lib/polling/polling.ts). */
const MEMORY_GB = 0.75;
/** A batch of ten polls that wait for their upstreams side by side, and write twice each; assumed, not measured. */
const BATCH_SECONDS = 0.5;
const BATCH = 10;
/** Health and completed cycle, a kilobyte at most each: one write unit each. */
const WRITES = 2;
/** Of a thousand feeds that are polled each minute the dispatcher reads a kilobyte of health each, with consistency. */
const DISPATCHER_READS = 1 / 4;
/** Send, receive, delete: a tenth of a request each. */
const SQS_REQUESTS = 3 / BATCH;

type Row = { readonly what: string; readonly units: string; readonly usd: number };

/**
 * What a million polls that find nothing new cost. Lambda's share is by assumption: here its time is that of a machine
 * which does everything else as well, and is printed beside it.
 */
export function costPerMillion(measured: {
  readonly billedMs: number;
  readonly invocations: number;
  readonly polls: number;
}): readonly Row[] {
  const perPoll = (seconds: number) => seconds * MEMORY_GB * prices.lambdaGbSecond;
  const rows = [
    row('DynamoDB writes', `${WRITES} a poll`, WRITES * prices.dynamoWrite),
    row('DynamoDB reads, by the dispatcher', `${DISPATCHER_READS} a poll`, DISPATCHER_READS * prices.dynamoRead),
    row('SQS', `${SQS_REQUESTS} requests a poll`, SQS_REQUESTS * prices.sqsRequest),
    row('Lambda requests', `1/${BATCH} a poll`, prices.lambdaRequest / BATCH),
    row('Lambda time', `${BATCH_SECONDS} s of ${MEMORY_GB} GB for ${BATCH} polls`, perPoll(BATCH_SECONDS / BATCH)),
  ];
  const total = rows.reduce((sum, { usd }) => sum + usd, 0);
  const { billedMs, invocations, polls } = measured;
  const seconds = billedMs / 1000 / polls;
  const here = `${(billedMs / invocations / 1000).toFixed(2)} s for ${(polls / invocations).toFixed(1)} polls, first ones`;
  return [
    ...rows,
    { what: 'total for a million', units: 'logs, metrics and transfer are not in it', usd: rounded(total) },
    row('Lambda time, had it been as here', here, perPoll(seconds)),
  ];
}

function row(what: string, units: string, usdPerPoll: number): Row {
  return { what, units, usd: rounded(usdPerPoll * MILLION) };
}

function rounded(usd: number): number {
  return Number(usd.toFixed(3));
}
