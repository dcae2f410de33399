import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buildAssembly } from '../../local/build-assembly.ts';
import { apiClient, type Client } from '../../local/client.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import type { Finding } from './check-csv.ts';
import { type CsvSample, csvSamples } from './csv-samples.ts';

/** Takes the same files through the whole local stack, nothing told: what reaches the sink is what can be read, once. */
export async function checkThroughTheStack(directory: string): Promise<Finding[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'headgate-conformance-'));
  const log = () => undefined;
  const assemblyDir = await buildAssembly({}, log);
  const stack = await startStack({ assemblyDir, dataDir, port: 0, sinkPort: 0, everySeconds: undefined, log });
  try {
    const api = apiClient(stack.apiUrl, stack.adminKey);
    const findings: Finding[] = [];
    for (const sample of csvSamples) findings.push(await checkSample(sample, directory, api, stack));
    return findings;
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function checkSample(sample: CsvSample, directory: string, api: Client, { sinkUrl }: Stack): Promise<Finding> {
  const bytes = readFileSync(path.join(directory, 'csv', sample.file));
  const fileId = await api.upload({ filename: 'sample.csv', size: bytes.length, content: Readable.from([bytes]) });
  const { body } = await api.call('POST', '/resources/wrappers', {
    name: sample.file,
    source: { type: 'CSV', location: { file_id: fileId } },
    destination: { type: 'http', url: `${sinkUrl}/points` },
  });
  const at = `/resources/wrappers/${body.wrapper_id}`;
  const executed = await api.call('POST', `${at}/execute`);
  const executions = await api.call('GET', `${at}/executions`);
  const [run] = executions.body.items as { quarantined: number }[];
  const response = await fetch(`${sinkUrl}/received?wrapper_id=${body.wrapper_id}`);
  const received = (await response.json()) as { points: number; unique_points: number };
  const differences = [
    ...differs('success', executed.body.success, true),
    ...differs('data_points_sent', executed.body.data_points_sent, sample.records),
    ...differs('points at the sink', received.points, sample.records),
    ...differs('different points at the sink', received.unique_points, sample.records),
    ...differs('quarantined', run?.quarantined, sample.rejected?.length ?? 0),
  ];
  return { file: sample.file, read: `${received.points} points through the stack`, differences };
}

function differs(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}
