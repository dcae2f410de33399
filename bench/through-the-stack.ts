import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildAssembly } from '../local/build-assembly.ts';
import { apiClient, type Client } from '../local/client.ts';
import { startStack } from '../local/stack.ts';
import { writeCsvFile } from './csv-file.ts';

const LOOK_EVERY_MS = 100;
const SILENT_FOR_MS = 3000;
const SLICE_SECONDS = 300;

type Received = { readonly points: number; readonly unique_points: number };
type Stage = { readonly api: Client; readonly sinkUrl: string; readonly wrapperId: string };

type Measured = {
  readonly rows: number;
  readonly fileMb: number;
  readonly seconds: number;
  readonly slicePeakMb: number;
  readonly slices: number;
  readonly stoppedAfterMs: number | null;
};

/**
 * Takes generated files through the whole local stack into the sink: 100,000 rows, a million, and a million with a
 * stop half-way. Fails when a row is lost or came twice, when the slice's memory grows with the file, or when the
 * state machine's steps do.
 */
export async function throughTheStack(): Promise<void> {
  const few = await measure(100_000, false);
  const million = await measure(1_000_000, false);
  const stopped = await measure(1_000_000, true);
  console.table([few, million, stopped].map(shown));
  check(million.slicePeakMb < 256, `peak RSS of the slice is ${million.slicePeakMb} MB, 256 are allowed`);
  check(million.slicePeakMb <= few.slicePeakMb * 1.25, 'peak RSS grows with the file by more than 25 %');
  check(million.slices <= Math.ceil(million.seconds / SLICE_SECONDS), `${million.slices} slices`);
}

async function measure(rows: number, stop: boolean): Promise<Measured> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'headgate-bench-'));
  const file = path.join(dataDir, 'rows.csv');
  await writeCsvFile(file, rows);
  const log = () => undefined;
  const assemblyDir = await buildAssembly({}, log);
  const stack = await startStack({ assemblyDir, dataDir, port: 0, sinkPort: 0, everySeconds: undefined, log });
  try {
    const api = apiClient(stack.apiUrl, stack.adminKey);
    const stage = { api, sinkUrl: stack.sinkUrl, wrapperId: await createWrapper(api, file, stack.sinkUrl) };
    const began = Date.now();
    await execute(stage);
    const stoppedAfterMs = stop ? await stopHalfWay(stage, rows) : null;
    if (stop) await execute(stage);
    await until(async () => (await wrapper(stage)).status !== 'executing');
    const seconds = (Date.now() - began) / 1000;
    await judge(stage, rows);
    return { rows, fileMb: statSync(file).size / 1e6, seconds, ...sliceReport(dataDir), stoppedAfterMs };
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function stopHalfWay(stage: Stage, rows: number): Promise<number> {
  await until(async () => (await received(stage)).points > rows / 2);
  const asked = Date.now();
  const stopped = await stage.api.call('POST', `${at(stage)}/stop`);
  const took = Date.now() - asked;
  const after = await received(stage);
  check(stopped.body.success === true, `stop answered ${JSON.stringify(stopped.body)}`);
  await sleep(SILENT_FOR_MS);
  const late = (await received(stage)).points - after.points;
  check(late === 0, `${late} points came after stop had answered`);
  return took;
}

async function judge(stage: Stage, rows: number): Promise<void> {
  const { status, error_message, data_points_count } = await wrapper(stage);
  check(status === 'completed', `the run ended as ${status}: ${error_message}`);
  check(data_points_count === rows, `counted ${data_points_count} of ${rows}`);
  const counts = await received(stage);
  check(counts.points === rows && counts.unique_points === rows, `the sink has ${JSON.stringify(counts)}`);
}

async function createWrapper(api: Client, file: string, sinkUrl: string): Promise<string> {
  const { size } = statSync(file);
  const fileId = await api.upload({ filename: path.basename(file), size, content: createReadStream(file) });
  const { body } = await api.call('POST', '/resources/wrappers', {
    name: 'bench',
    source: { type: 'CSV', location: { file_id: fileId } },
    destination: { type: 'http', url: `${sinkUrl}/points` },
  });
  return String(body.wrapper_id);
}

function at({ wrapperId }: Stage): string {
  return `/resources/wrappers/${wrapperId}`;
}

async function execute(stage: Stage): Promise<void> {
  const { status, body } = await stage.api.call('POST', `${at(stage)}/execute`, undefined, { Prefer: 'respond-async' });
  check(status === 202, `execute answered ${status}: ${JSON.stringify(body)}`);
}

async function wrapper(stage: Stage): Promise<Readonly<Record<string, unknown>>> {
  return (await stage.api.call('GET', at(stage))).body;
}

async function received({ sinkUrl, wrapperId }: Stage): Promise<Received> {
  return (await (await fetch(`${sinkUrl}/received?wrapper_id=${wrapperId}`)).json()) as Received;
}

/** What the slice's own REPORT lines say, as Lambda writes them. */
function sliceReport(dataDir: string): { slicePeakMb: number; slices: number } {
  const log = readFileSync(path.join(dataDir, 'logs', 'headgate-local-run-slice.log'), 'utf8');
  const peaks = [...log.matchAll(/Max Memory Used: (\d+) MB/g)].map((match) => Number(match[1]));
  return { slicePeakMb: Math.max(...peaks), slices: peaks.length };
}

function shown({ rows, fileMb, seconds, slicePeakMb, slices, stoppedAfterMs }: Measured) {
  return {
    rows,
    'file MB': Math.round(fileMb),
    seconds: Number(seconds.toFixed(1)),
    'rows/s': Math.round(rows / seconds),
    'slice peak RSS MB': slicePeakMb,
    slices,
    'stop answered after ms': stoppedAfterMs ?? '-',
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(LOOK_EVERY_MS);
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
