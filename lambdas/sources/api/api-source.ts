import { hash } from 'node:crypto';
import type { ReadingPlan, ReadRequest, Source } from '../../domain/source.ts';
import type { ApiSourceConfig } from './config.ts';
import { type CursorFormat, cursorFormat } from './cursor-format.ts';
import { increments } from './increments.ts';
import { pageReader } from './page-reader.ts';
import { passesOf } from './passes.ts';
import type { ApiPorts } from './ports.ts';
import { apiPosition } from './position.ts';
import { type Reading, readBatches } from './read-batches.ts';
import { type Upstream, upstream } from './upstream.ts';

/**
 * Records of an HTTP API, page by page. A position is a page, how many of its records were read, and with `incremental`
 * the stretch of time and both marks.
 *
 * Without `incremental` each run reads everything once more. With it, history is read backwards first; from then on
 * each run, and each turn of a continuous one, looks from the high mark forward.
 */
export function apiSource(config: ApiSourceConfig, ports: ApiPorts): Source {
  const known = upstream(config, ports);
  return {
    // Nothing is asked here: the first page is the first look, and asking for it twice would cost a request per turn.
    prepare: async () => planOf(config, ports.clock.now()),
    read: (request) => readBatches(openReading(config, known, ports.clock.now, request)),
  };
}

/** The anchor cuts history into the same windows whoever reads it, whenever. */
function planOf({ request, records, incremental }: ApiSourceConfig, now: number): ReadingPlan {
  const version = hash('sha256', JSON.stringify([request, records])).slice(0, 16);
  return { version, notes: [], afterEnd: incremental ? 'onward' : 'again', details: { anchor: now } };
}

function openReading(config: ApiSourceConfig, known: Upstream, now: () => number, request: ReadRequest): Reading {
  const { incremental } = config;
  const until = request.until && apiPosition(request.until);
  if (incremental === undefined) return { request, until, now, readPage: pageReader(config, known, undefined) };
  const format = cursorFormat(incremental.format) as CursorFormat;
  const { plan, isRemembered = () => false } = request;
  const passes = passesOf({ config: incremental, format, anchor: Number(plan.details.anchor) });
  return {
    request,
    until,
    now,
    readPage: pageReader(config, known, format),
    marks: { passes, increments: increments({ config: incremental, format, passes, isRemembered, now }) },
  };
}
