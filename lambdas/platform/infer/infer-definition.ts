import { isUtf8 } from 'node:buffer';
import { type DestinationConfig, WrapperDefinition } from '../../contracts/wrapper-definition.ts';
import { RunFailure } from '../../domain/errors.ts';
import type { RemoteFile } from '../../domain/file.ts';
import type { Choice } from '../../domain/infer/choice.ts';
import { inferApi } from '../../sources/infer/infer-api.ts';
import { inferCsv } from '../../sources/infer/infer-csv.ts';
import { inferXlsx } from '../../sources/infer/infer-xlsx.ts';
import type { Inferred } from '../../sources/infer/inferred.ts';
import { openFiles } from '../files/open-files.ts';
import type { GuardedClient } from '../http/guarded-client.ts';
import { httpExchange } from '../http/http-exchange.ts';
import { limitedClient } from '../http/limited-client.ts';
import { bufferedFile } from './buffered-file.ts';
import { isJson, probeAddress } from './probe-address.ts';

/** What is asked of an address at most. */
const MOST_REQUESTS = 5;
/** Bytes of a workbook that is fetched at once, because reading it in pieces takes more requests than that. */
const LARGEST_WORKBOOK = 50 * 1024 * 1024;

export type Sample = { readonly file_id: string } | { readonly url: string };
export type InferPorts = { readonly client: GuardedClient; readonly uploads: string };
export type Proposal = { readonly definition: WrapperDefinition; readonly choices: readonly Choice[] };

/**
 * Proposes a wrapper for a sample file or an address: a definition that can be executed as it is.
 *
 * @throws RunFailure when the sample can't be had, or is nothing that can be read.
 */
export async function inferDefinition(
  sample: Sample,
  destination: DestinationConfig | undefined,
  ports: InferPorts,
  signal: AbortSignal,
): Promise<Proposal> {
  const client = limitedClient(ports.client, MOST_REQUESTS);
  const openFile = openFiles({ client, uploads: ports.uploads, readBuckets: [] });
  const { source, mapping, choices } = await inferSource(sample, openFile(sample), client, signal);
  const to = destination ? { destination, choices: [] } : placeholder();
  const definition = WrapperDefinition.parse({ name: nameOf(sample), source, mapping, destination: to.destination });
  return { definition, choices: [...choices, ...to.choices] };
}

async function inferSource(
  sample: Sample,
  file: RemoteFile,
  client: GuardedClient,
  signal: AbortSignal,
): Promise<Inferred> {
  if ('file_id' in sample) {
    const start = await startOf(file, signal);
    if (isJson(start)) throw new RunFailure('failed', 'it is JSON, and no file that can be a source');
    return isWorkbook(start) ? inferXlsx(sample, file, signal) : inferCsv(sample, file, signal);
  }
  const { bytes, ...answer } = await probeAddress(client, sample.url, signal);
  if (isJson(bytes)) {
    const page = { ...answer, text: bytes.toString('utf8'), isUtf8: isUtf8(bytes) };
    return inferApi(sample.url, page, httpExchange(client), MOST_REQUESTS - 1, signal);
  }
  return isWorkbook(bytes)
    ? inferXlsx(sample, bufferedFile(file, LARGEST_WORKBOOK), signal)
    : inferCsv(sample, file, signal);
}

/** A ZIP archive, or the container of encrypted workbooks and old ones, whose reader tells them apart. */
const workbooks = ['504b0304', 'd0cf11e0'];
const isWorkbook = (start: Uint8Array) => workbooks.includes(Buffer.from(start.subarray(0, 4)).toString('hex'));

async function startOf(file: RemoteFile, signal: AbortSignal): Promise<Uint8Array> {
  const { version, size } = await file.stat(signal);
  if (size === 0) return new Uint8Array();
  for await (const chunk of file.read({ version, offset: 0, end: Math.min(size, 64) }, signal)) return chunk;
  return new Uint8Array();
}

/** Complete and recognisable: nothing is ever delivered to a name that can't exist (RFC 2606). */
function placeholder(): { readonly destination: DestinationConfig; readonly choices: readonly Choice[] } {
  const destination = { type: 'http', url: 'https://destination.invalid/replace-me' } as const;
  const evidence = 'none was given: replace this placeholder before executing';
  return { destination, choices: [{ path: 'destination', value: destination, evidence, confidence: 0 }] };
}

function nameOf(sample: Sample): string {
  if ('file_id' in sample) return `file ${sample.file_id}`;
  const { hostname, pathname } = new URL(sample.url);
  const last = pathname.split('/').findLast((part) => part !== '') ?? hostname;
  return (
    decoded(last)
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, 200) || hostname
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
