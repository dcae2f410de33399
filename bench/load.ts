import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { apiClient, type Client } from '../local/client.ts';
import { type LocalStack, startLocalStack } from '../test/e2e/support/local-stack.ts';
import { type Asked, askAtOnce, type Question } from './ask-at-once.ts';
import { memoryOfTree } from './memory-of-tree.ts';

const CLIENTS = 50;
const SECONDS = 60;
/** Sandboxes are started as long as requests meet no idle one, and their heaps fill before they are first tidied. */
const WARM_UP_SECONDS = 60;
const WRAPPERS = 20;
/** Of the last third of the time over the first. */
const ALLOWED_GROWTH = 1.15;

/**
 * Fifty clients ask the local stack for health and let wrappers run, for a minute and without a pause, behind one in which
 * it warms up. Fails when an answer is a 5xx or is not there, or when the memory of the stack grows in the second minute:
 * its own process and those of its functions.
 */
export async function load(): Promise<void> {
  const stack = await startLocalStack({ args: [] });
  try {
    const questions = await questionsTo(stack);
    const warmUp = await askAtOnce(questions, { clients: CLIENTS, seconds: WARM_UP_SECONDS });
    const isOver = new AbortController();
    const measuring = memoryOfTree(stack.pid, isOver.signal);
    const asked = await askAtOnce(questions, { clients: CLIENTS, seconds: SECONDS });
    isOver.abort();
    const memory = thirdsOf(await measuring);
    console.table(questions.map(({ name }) => shown(name, asked)));
    console.table([memory]);
    judge([...warmUp, ...asked], memory);
  } finally {
    await stack.stop();
    rmSync(stack.dataDir, { recursive: true, force: true });
  }
}

async function questionsTo({ apiUrl, sinkUrl, key }: LocalStack): Promise<Question[]> {
  const api = apiClient(apiUrl, key);
  const ids = await Promise.all(Array.from({ length: WRAPPERS }, () => createWrapper(api, sinkUrl)));
  let turn = 0;
  const one = () => {
    turn += 1;
    return `/resources/wrappers/${ids[turn % ids.length]}`;
  };
  return [
    { name: 'health of a wrapper', weight: 6, ask: () => api.call('GET', `${one()}/health`) },
    { name: 'health of feeds', weight: 2, ask: () => api.call('GET', '/v1/health') },
    { name: 'status of the system', weight: 1, ask: () => api.call('GET', '/api/health/status') },
    { name: 'execute', weight: 1, ask: () => api.call('POST', `${one()}/execute`) },
  ];
}

async function createWrapper(api: Client, sinkUrl: string): Promise<string> {
  const text = 'id,value\n1,one\n2,two\n3,three\n';
  const fileId = await api.upload({ filename: 'rows.csv', size: text.length, content: Readable.from([text]) });
  const { body } = await api.call('POST', '/resources/wrappers', {
    name: 'load',
    source: { type: 'CSV', location: { file_id: fileId } },
    destination: { type: 'http', url: `${sinkUrl}/points` },
  });
  return String(body.wrapper_id);
}

function shown(name: string, asked: readonly Asked[]) {
  const of = asked.filter(({ question }) => question === name);
  const times = of.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] ?? Number.NaN);
  const statuses = Object.entries(Object.groupBy(of, ({ status }) => String(status)));
  return {
    asked: name,
    requests: of.length,
    'per second': Math.round(of.length / SECONDS),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'max ms': Math.round(times.at(-1) ?? Number.NaN),
    statuses: statuses.map(([status, { length } = []]) => `${status}: ${length}`).join(', '),
  };
}

type Memory = ReturnType<typeof thirdsOf>;

/** Means of the thirds, in MB. */
function thirdsOf(samples: readonly number[]) {
  const third = Math.floor(samples.length / 3);
  const meanOf = (part: readonly number[]) => Math.round(part.reduce((sum, mb) => sum + mb, 0) / part.length);
  return {
    first: meanOf(samples.slice(0, third)),
    second: meanOf(samples.slice(third, 2 * third)),
    last: meanOf(samples.slice(2 * third)),
  };
}

function judge(asked: readonly Asked[], { first, last }: Memory): void {
  const failures = asked.flatMap(({ failure }) => failure ?? []);
  if (failures.length > 0) throw new Error(`${failures.length} requests failed, the first with ${failures[0]}`);
  if (last > first * ALLOWED_GROWTH) throw new Error(`the stack's memory grows: ${first} MB, 40 s later ${last} MB`);
}
