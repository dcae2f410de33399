import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buildAssembly } from '../../local/build-assembly.ts';
import { apiClient, type Client } from '../../local/client.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import type { Finding } from './check-csv.ts';
import { type CsvSample, csvSamples } from './csv-samples.ts';
import { xlsxSamples } from './xlsx-samples.ts';

/**
 * Takes the same files through the whole local stack, with nothing told and as the wrapper that is proposed for them:
 * what reaches the sink is what can be read, once.
 */
export async function checkThroughTheStack(directory: string): Promise<Finding[]> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'headgate-conformance-'));
  const log = () => undefined;
  const assemblyDir = await buildAssembly({}, log);
  const stack = await startStack({ assemblyDir, dataDir, port: 0, sinkPort: 0, everySeconds: undefined, log });
  try {
    const api = apiClient(stack.apiUrl, stack.adminKey);
    const destination = { type: 'http', url: `${stack.sinkUrl}/points` };
    const findings: Finding[] = [];
    for (const sample of csvSamples) {
      const bytes = readFileSync(path.join(directory, 'csv', sample.file));
      const fileId = await upload(bytes, api, 'sample.csv');
      const plain = { name: sample.file, source: { type: 'CSV', location: { file_id: fileId } } };
      findings.push(await checkRun(sample, 'with nothing told', { ...plain, destination }, api, stack));
      const { definition } = await infer(fileId, destination, api);
      findings.push(await checkRun(sample, 'as proposed', definition, api, stack));
    }
    const workbooks = xlsxSamples.filter((sample) => !('refused' in sample)).map(({ file }) => file);
    for (const file of new Set(workbooks)) {
      const fileId = await upload(readFileSync(path.join(directory, 'xlsx', file)), api, 'sample.xlsx');
      findings.push(await checkProposal(file, await infer(fileId, destination, api), api));
    }
    return findings;
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const saysNothingFits = (message: unknown) => String(message).startsWith('None of ');

function upload(bytes: Buffer, api: Client, filename: string): Promise<string> {
  return api.upload({ filename, size: bytes.length, content: Readable.from([bytes]) });
}

type Proposal = { readonly definition?: object; readonly detail?: string };

async function infer(fileId: string, destination: object, api: Client): Promise<Proposal> {
  const { body } = await api.call('POST', '/resources/wrappers/infer', { file_id: fileId, destination });
  return body;
}

/** A workbook's proposal runs unchanged, or it is told that there are no rows, or none that can be used. */
async function checkProposal(file: string, { definition, detail }: Proposal, api: Client): Promise<Finding> {
  if (definition === undefined) {
    const isEmpty = detail?.includes('no rows of data') === true;
    return { file, read: `no proposal: ${detail}`, differences: isEmpty ? [] : [String(detail)] };
  }
  const { body } = await api.call('POST', '/resources/wrappers', definition);
  const executed = await api.call('POST', `/resources/wrappers/${body.wrapper_id}/execute`);
  const { success, message, data_points_sent } = executed.body;
  if (!success && saysNothingFits(message)) return { file, read: String(message), differences: [] };
  return {
    file,
    read: `${String(data_points_sent)} points as proposed`,
    differences: differs('success', success, true),
  };
}

async function checkRun(
  sample: CsvSample,
  how: string,
  definition: object | undefined,
  api: Client,
  { sinkUrl }: Stack,
): Promise<Finding> {
  const { body } = await api.call('POST', '/resources/wrappers', definition);
  const at = `/resources/wrappers/${body.wrapper_id}`;
  const executed = await api.call('POST', `${at}/execute`);
  const executions = await api.call('GET', `${at}/executions`);
  const [run] = executions.body.items as { quarantined: number }[];
  const response = await fetch(`${sinkUrl}/received?wrapper_id=${body.wrapper_id}`);
  const received = (await response.json()) as { points: number; unique_points: number };
  const { success, message, data_points_sent } = executed.body;
  // A run that could use none of its rows has failed, and says why.
  const outcome =
    sample.records === 0
      ? differs('message', saysNothingFits(message), true)
      : [...differs('success', success, true), ...differs('data_points_sent', data_points_sent, sample.records)];
  const differences = [
    ...outcome,
    ...differs('points at the sink', received.points, sample.records),
    ...differs('different points at the sink', received.unique_points, sample.records),
    ...differs('quarantined', run?.quarantined, sample.rejected?.length ?? 0),
  ];
  return { file: sample.file, read: `${received.points} points through the stack, ${how}`, differences };
}

function differs(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}
