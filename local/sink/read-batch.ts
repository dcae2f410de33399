import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Point } from './received-points.ts';
import { textHash } from './text-set.ts';

/** More than any batch: 5,000 points of a row's largest size are cut into several. */
const LARGEST_BODY = 64 * 1024 * 1024;

/** What the sink needs of a batch; the rest of the document is taken as it comes. */
const Batch = z.object({
  wrapper_id: z.string(),
  batch_id: z.string(),
  data_points: z.array(z.unknown()),
});

export type SinkBatch = { readonly wrapperId: string; readonly batchId: string; readonly points: readonly Point[] };

/** Refuses with a status and a message that says what is wrong. */
export class SinkRefusal extends Error {
  override readonly name = 'SinkRefusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function readBatch(request: IncomingMessage): Promise<SinkBatch> {
  const batch = parseAs(Batch, await readJson(request));
  const key = request.headers['idempotency-key'];
  if (key !== undefined && key !== batch.batch_id) throw new SinkRefusal(400, 'Idempotency-Key is not the batch_id');
  return {
    wrapperId: batch.wrapper_id,
    batchId: batch.batch_id,
    points: batch.data_points.map(toPoint),
  };
}

/** By hand: it is done a million times, and a schema takes as long as all the rest. */
function toPoint(value: unknown, at: number): Point {
  const point = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const { id, timestamp, data } = point;
  if (typeof id !== 'string') throw new SinkRefusal(400, `data_points.${at}.id: must be a string`);
  return { id, content: digest([timestamp, data]) };
}

/** Short, so that a million of them stay small in memory and on disk. */
function digest(content: unknown): string {
  const [high, low] = textHash(JSON.stringify(content));
  return `${high.toString(36)}-${low.toString(36)}`;
}

/** The body as JSON; an empty body is an empty object. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early must not take the connection along: the refusal is still to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new SinkRefusal(413, `the body is larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(decoded(Buffer.concat(chunks), request.headers['content-encoding']).toString('utf8'));
  } catch (error) {
    throw new SinkRefusal(400, `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function decoded(body: Buffer, encoding: string | undefined): Buffer {
  return encoding === 'gzip' ? gunzipSync(body, { maxOutputLength: LARGEST_BODY }) : body;
}

/** Names every field that is wrong. */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new SinkRefusal(400, problems.slice(0, 10).join('; '));
}
