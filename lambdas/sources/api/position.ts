import * as z from 'zod';
import { RunFailure } from '../../domain/errors.ts';
import type { Position } from '../../domain/source.ts';

/** A stretch of time that is read page by page. Instants are milliseconds; `to` is exclusive, null: no bound. */
const Pass = z.strictObject({
  phase: z.enum(['historical', 'continuous']),
  from: z.int().nullable(),
  to: z.int().nullable(),
  /** It has had a record. */
  found: z.literal(true).optional(),
});
export type Pass = z.output<typeof Pass>;

const ApiPosition = z.strictObject({
  /** Records given so far. */
  row: z.int().min(0),
  /** The page to go on with; null: the first. */
  page: z.union([z.string(), z.number(), z.null()]),
  /** Records of it that were read already, and of the pages before it. */
  item: z.int().min(0),
  seen: z.int().min(0),
  /** The first page was full. */
  full: z.literal(true).optional(),
  /** All pages were read. */
  done: z.literal(true).optional(),
  pass: Pass.optional(),
  /** Of the answer to this look, if it was a single page: while it stays the same, there is nothing new. */
  etag: z.string().optional(),
  /** Instead, if it has none: its Last-Modified. */
  modified: z.string().optional(),
  /** The marks, as the records wrote them. */
  high: z.string().optional(),
  low: z.string().optional(),
});
export type ApiPosition = z.output<typeof ApiPosition>;

/** People may set checkpoints by hand. */
export function apiPosition(position: Position): ApiPosition {
  const parsed = ApiPosition.safeParse(position);
  if (parsed.success) return parsed.data;
  throw new RunFailure('refused', 'Invalid checkpoint: this is not a position in an API source');
}

/** The first page of a pass, or of all there is. */
export function atFirstPage({ row, high, low }: Pick<ApiPosition, 'row' | 'high' | 'low'>, pass?: Pass): ApiPosition {
  return { row, page: null, item: 0, seen: 0, ...(pass && { pass }), ...marksOf({ high, low }) };
}

/** Whether two positions are on the same page of the same pass. */
export function isSamePage(a: ApiPosition, b: ApiPosition): boolean {
  return isSameStretch(a.pass, b.pass) && a.page === b.page && a.done === b.done;
}

export function isSameStretch(a: Pass | undefined, b: Pass | undefined): boolean {
  return a?.phase === b?.phase && a?.from === b?.from && a?.to === b?.to;
}

function marksOf({ high, low }: { high?: string | undefined; low?: string | undefined }) {
  return { ...(high !== undefined && { high }), ...(low !== undefined && { low }) };
}
