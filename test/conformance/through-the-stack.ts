import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buildAssembly } from '../../local/build-assembly.ts';
import { apiClient, type Client } from '../../local/client.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import type { Finding } from './check-csv.ts';
import { type CsvSample, csvSamples } from './csv-samples.ts';
import { type XlsxReading, type XlsxSample, xlsxSamples } from './xlsx-samples.ts';

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
      const { definition, detail } = await infer(fileId, destination, api);
      findings.push(
        definition === undefined
          ? checkNoProposal(sample, detail)
          : await checkRun(sample, 'as proposed', definition, api, stack),
      );
    }
    const workbooks = xlsxSamples.filter((sample): sample is Workbook => !('refused' in sample));
    for (const sample of new Map(workbooks.map((workbook) => [workbook.file, workbook])).values()) {
      const fileId = await upload(readFileSync(path.join(directory, 'xlsx', sample.file)), api, 'sample.xlsx');
      findings.push(await checkProposal(sample, await infer(fileId, destination, api), api));
    }
    return findings;
  } finally {
    await stack.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function upload(bytes: Buffer, api: Client, filename: string): Promise<string> {
  return api.upload({ filename, size: bytes.length, content: Readable.from([bytes]) });
}

type Workbook = Extract<XlsxSample, XlsxReading>;
type Proposal = { readonly definition?: object; readonly detail?: string };

async function infer(fileId: string, destination: object, api: Client): Promise<Proposal> {
  const { body } = await api.call('POST', '/resources/wrappers/infer', { file_id: fileId, destination });
  return body;
}

/**
 * A workbook's proposal runs unchanged, whatever rows there are, or it is told that there are none. Where no row fits any
 * mapping, the run says so.
 */
async function checkProposal(
  { file, records, misfits = {} }: Workbook,
  { definition, detail }: Proposal,
  api: Client,
): Promise<Finding> {
  if (definition === undefined) {
    const isEmpty = detail?.includes('no rows of data') === true;
    return { file, read: `no proposal: ${detail}`, differences: isEmpty ? [] : [String(detail)] };
  }
  const { body } = await api.call('POST', '/resources/wrappers', definition);
  const executed = await api.call('POST', `/resources/wrappers/${body.wrapper_id}/execute`);
  const read = `${executed.body.data_points_sent} points as proposed`;
  return { file, read, differences: differs('success', executed.body.success, Object.keys(misfits).length < records) };
}

/** Where no row is whole there is nothing to learn from, and infer says so. */
function checkNoProposal({ file, records }: CsvSample, detail: string | undefined): Finding {
  const isRight = records === 0 && detail?.includes('no rows to learn from') === true;
  return { file, read: `no proposal: ${detail}`, differences: isRight ? [] : [String(detail)] };
}

async function checkRun(
  sample: CsvSample,
  how: string,
  definition: object,
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
  // A run of which nothing fits has failed.
  const isGood = sample.records > 0;
  const differences = [
    ...differs('success', executed.body.success, isGood),
    ...differs('data_points_sent', executed.body.data_points_sent, isGood ? sample.records : null),
    ...differs('points at the sink', received.points, sample.records),
    ...differs('different points at the sink', received.unique_points, sample.records),
    ...differs('quarantined', run?.quarantined, sample.rejected?.length ?? 0),
  ];
  return { file: sample.file, read: `${received.points} points through the stack, ${how}`, differences };
}

function differs(what: string, found: unknown, expected: unknown): string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}
