import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { FeedHealth } from '../lambdas/domain/feeds/feed-health.ts';
import { buildAssembly } from '../local/build-assembly.ts';
import { startStack } from '../local/stack.ts';
import { adapters } from './polling-adapters.ts';
import { costPerMillion } from './polling-cost.ts';

const LOOK_EVERY_MS = 1000;
/** All of one tick: its polls are spread over a minute. */
const ALLOWED_MS = 120_000;
/** The only tick there is while all this goes on. */
const NEXT_TICK_SECONDS = 3600;

type Upstream = { readonly url: string; readonly asked: ReadonlyMap<string, number>; close(): void };

/**
 * One tick of ten thousand feeds through the whole local stack. Fails when a feed is not polled, or more than once,
 * when its health is not right, or when it takes longer than two minutes; prints what a million polls cost on AWS.
 */
export async function polling(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'headgate-bench-'));
  const upstream = await startUpstream();
  const log = () => undefined;
  const settings = { adapters: 'bench/polling-adapters.ts', feedsMirror: upstream.url, allowedHosts: '127.0.0.1' };
  const assemblyDir = await buildAssembly(settings, log);
  const began = Date.now();
  const everySeconds = NEXT_TICK_SECONDS;
  const stack = await startStack({ assemblyDir, dataDir, port: 0, sinkPort: 0, everySeconds, log });
  try {
    // Looking at ten thousand healths is work too: it waits until there is something to see.
    while (upstream.asked.size < adapters.length && Date.now() - began < ALLOWED_MS) await sleep(LOOK_EVERY_MS);
    const healths = await allPolled(stack.services.dynamodb, began);
    judge(healths, upstream, began);
    console.table(costPerMillion(lambdaReports(dataDir)));
    console.info(
      'The next dollar: 512 MB would save 0.17 where feeds are small; health and cycle in one item would save 0.63, and M-4 with it.',
    );
  } finally {
    await stack.close();
    upstream.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function startUpstream(): Promise<Upstream> {
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const id = String(request.url).split('/').at(-1) ?? '';
    asked.set(id, (asked.get(id) ?? 0) + 1);
    response.writeHead(200, { etag: '"1"' }).end('[]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => server.close() };
}

async function allPolled(endpoint: string, began: number): Promise<readonly FeedHealth[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  try {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    const table = TableNames.find((name) => /feeds/i.test(name)) ?? '';
    for (;;) {
      const healths = await healthsIn(DynamoDBDocumentClient.from(client), table);
      if (healths.length >= adapters.length) return healths;
      check(Date.now() - began < ALLOWED_MS * 2, `${healths.length} of ${adapters.length} feeds were polled in time`);
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    client.destroy();
  }
}

async function healthsIn(client: DynamoDBDocumentClient, table: string): Promise<FeedHealth[]> {
  const found: FeedHealth[] = [];
  const query = {
    TableName: table,
    KeyConditionExpression: 'part = :p',
    ExpressionAttributeValues: { ':p': 'health' },
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...(Items as FeedHealth[]));
  return found;
}

function judge(healths: readonly FeedHealth[], { asked }: Upstream, began: number): void {
  const tookMs = Math.max(...healths.map(({ completedAt }) => completedAt)) - began;
  const lags = healths.map(({ cycle, startedAt }) => startedAt - cycle).sort((one, other) => one - other);
  const at = (share: number) => lags[Math.floor(lags.length * share)] ?? 0;
  console.table([
    {
      feeds: healths.length,
      seconds: tookMs / 1000,
      'lag p50 ms': at(0.5),
      'lag p99 ms': at(0.99),
      'lag max ms': at(0.9999),
    },
  ]);
  const wrong = healths.filter(({ revision, outcome }) => revision !== 1 || outcome !== 'success');
  check(wrong.length === 0, `health of ${wrong.length} feeds is not right: ${JSON.stringify(wrong[0])}`);
  const often = [...asked.values()].filter((times) => times !== 1);
  check(
    asked.size === adapters.length && often.length === 0,
    `${asked.size} feeds were read, ${often.length} not once`,
  );
  check(tookMs <= ALLOWED_MS, `it took ${tookMs} ms, ${ALLOWED_MS} are allowed`);
}

/** What the poller's own REPORT lines say, as Lambda writes them. */
function lambdaReports(dataDir: string): {
  readonly billedMs: number;
  readonly invocations: number;
  readonly polls: number;
} {
  const log = readFileSync(path.join(dataDir, 'logs', 'headgate-local-poll-feeds.log'), 'utf8');
  const billed = [...log.matchAll(/Billed Duration: (\d+) ms/g)].map((match) => Number(match[1]));
  return { billedMs: billed.reduce((sum, ms) => sum + ms, 0), invocations: billed.length, polls: adapters.length };
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
