import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type AwsOperation, ServiceProblem } from '../aws-json-service.ts';

const MOST_EVENTS = 10;
const MOST_BYTES = 256 * 1024;

const Request = z.object({
  Entries: z.array(
    z.object({ EventBusName: z.string(), Source: z.string(), DetailType: z.string(), Detail: z.string() }),
  ),
});
type Entry = z.output<typeof Request>['Entries'][number];

/**
 * EventBridge's `PutEvents`, with its limits, into `<data>/events.ndjson`: one event a line, as a rule's target would be
 * given it, and the bus it was put on. Nothing is delivered further.
 */
export function eventsFile(dataDir: string, now: () => number): { readonly [name: string]: AwsOperation } {
  const file = path.join(dataDir, 'events.ndjson');
  mkdirSync(dataDir, { recursive: true });
  return {
    PutEvents(input) {
      const { Entries } = Request.parse(input);
      if (Entries.length > MOST_EVENTS) throw invalid(`more than ${MOST_EVENTS} entries`);
      if (Entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MOST_BYTES)
        throw invalid(`total size of the entries in the request is over the limit`);
      const answers = Entries.map((entry) => {
        const detail = parsed(entry.Detail);
        if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
        const id = randomUUID();
        appendFileSync(file, `${JSON.stringify(eventOf(entry, detail, id, now()))}\n`);
        return { EventId: id };
      });
      return { FailedEntryCount: answers.filter((answer) => 'ErrorCode' in answer).length, Entries: answers };
    },
  };
}

function eventOf(entry: Entry, detail: unknown, id: string, now: number) {
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const { Source: source, DetailType, EventBusName } = entry;
  return { bus: EventBusName, version: '0', id, 'detail-type': DetailType, source, time, resources: [], detail };
}

function sizeOf({ Source, DetailType, Detail }: Entry): number {
  return Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

function parsed(detail: string): unknown {
  try {
    return JSON.parse(detail);
  } catch {
    return undefined;
  }
}

function invalid(message: string): ServiceProblem {
  return new ServiceProblem(400, 'ValidationException', message);
}
