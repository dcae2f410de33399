import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { DataPoint, Delivery, Destination, OutgoingBatch } from '../domain/destination.ts';
import type { DestinationPorts } from './ports.ts';
import type { S3DestinationConfig } from './s3-config.ts';

const compressed = promisify(gzip);

/** At once; a batch of records from many days is as many objects. */
const CONCURRENT_PUTS = 16;
/** Of a PUT, in billionths of a dollar (us-east-1, 2026). */
const PUT_FEE = 5_000;
/** What Hive, Athena and Spark take for "no value". */
const NO_DATE = '__HIVE_DEFAULT_PARTITION__';

/**
 * Writes each batch as NDJSON, one point a line, into one object or one for each day. Keys are made from the batch alone,
 * so a batch that is sent again replaces itself: the bucket holds every point once, however often a run was
 * interrupted. They sort in the order in which batches were committed.
 */
export function s3Destination(config: S3DestinationConfig, { put }: Pick<DestinationPorts, 'put'>): Destination {
  /** Bytes of the objects of a batch in hand that are stored, by key: they need not be written again. */
  const stored = new Map<string, number>();

  async function store({ key, points }: Part, signal: AbortSignal): Promise<Delivery> {
    const known = stored.get(key);
    if (known !== undefined) return { outcome: 'accepted', bytes: known };
    const text = points.map((point) => `${point.json}\n`).join('');
    const body = config.gzip ? await compressed(text) : text;
    if (signal.aborted) return { outcome: 'retryable', reason: 'destination did not store: no answer in time' };
    const contentType = config.gzip ? 'application/gzip' : 'application/x-ndjson';
    const answer = await put({ bucket: config.bucket, key, body, contentType, signal });
    if ('notStored' in answer) return failure(answer);
    const bytes = Buffer.byteLength(body);
    stored.set(key, bytes);
    return { outcome: 'accepted', bytes };
  }

  return {
    async send(batch, signal) {
      const parts = partsOf(batch, config);
      let bytes = 0;
      for (let at = 0; at < parts.length; at += CONCURRENT_PUTS) {
        const deliveries = await Promise.all(parts.slice(at, at + CONCURRENT_PUTS).map((part) => store(part, signal)));
        for (const delivery of deliveries) {
          if (delivery.outcome !== 'accepted') return delivery;
          bytes += delivery.bytes;
        }
      }
      stored.clear();
      return { outcome: 'accepted', bytes, fee: parts.length * PUT_FEE };
    },
  };
}

/** An object of a batch. */
type Part = { readonly key: string; readonly points: readonly DataPoint[] };

function partsOf(batch: OutgoingBatch, config: S3DestinationConfig): Part[] {
  const folder = `${prefixOf(config)}${batch.wrapperId}/`;
  const name = `${String(batch.seq).padStart(12, '0')}-${batch.batchId}.ndjson${config.gzip ? '.gz' : ''}`;
  if (config.partition !== 'date') return [{ key: `${folder}${name}`, points: batch.points }];
  const days = Map.groupBy(batch.points, dateOf);
  return [...days].map(([date, points]) => ({ key: `${folder}date=${date}/${name}`, points }));
}

/** The day of a point's timestamp, in UTC. */
function dateOf({ json }: DataPoint): string {
  return /^\{"id":"(?:[^"\\]|\\.)*","timestamp":"(\d{4}-\d\d-\d\d)T/.exec(json)?.[1] ?? NO_DATE;
}

function prefixOf({ prefix }: S3DestinationConfig): string {
  return prefix === undefined || prefix === null || prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
}

function failure({ notStored, mendable }: { readonly notStored: string; readonly mendable: boolean }): Delivery {
  return mendable
    ? { outcome: 'retryable', reason: `destination did not store: ${notStored}` }
    : { outcome: 'refused', reason: `destination refused: ${notStored}` };
}
