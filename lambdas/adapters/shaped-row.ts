import type * as z from 'zod';
import type { JsonValue, ParsedRecord } from '../domain/feeds/adapter.ts';
import type { Members } from './members-of.ts';
import { problemOf } from './read-json.ts';

/**
 * A row of the shape that its format requires. One that lacks something is not dropped: its record is `unknown`, with
 * what is wrong with it. Null where it has no `id` either.
 */
export function shapedRow<Schema extends z.ZodType>(
  schema: Schema,
  row: Members,
  id: unknown,
  recordOf: (shaped: z.output<Schema>) => ParsedRecord,
): ParsedRecord | null {
  if (typeof id !== 'string' || id === '') return null;
  const parsed = schema.safeParse(row);
  return parsed.success ? recordOf(parsed.data) : oddRecord(id, row, problemOf(parsed.error));
}

function oddRecord(recordId: string, row: Members, problem: string): ParsedRecord {
  return {
    recordId,
    title: `${recordId}: not understood`,
    status: 'unknown',
    severity: 'unknown',
    geometry: null,
    startsAt: null,
    endsAt: null,
    properties: { problem, row: row as JsonValue },
  };
}
