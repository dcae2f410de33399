import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenOnLoopback } from '../listen-on-loopback.ts';
import { Behaviour, type Mishap, misfortune } from './behaviour.ts';
import { type Journal, type JournalEntry, openJournal } from './journal.ts';
import { parseAs, readBatch, readJson, type SinkBatch, SinkRefusal } from './read-batch.ts';
import { type Counts, type ReceivedPoints, receivedPoints } from './received-points.ts';

export type Sink = { readonly url: string; readonly port: number; close(): Promise<void> };

export type SinkOptions = { readonly port?: number; readonly dataDir?: string };

type SinkState = {
  readonly received: Map<string, ReceivedPoints>;
  readonly journal: Journal | undefined;
  behaviour: Behaviour;
  next: () => Mishap;
};

/**
 * A destination to try things on. It takes batches at any path but its own, counts what arrives, and misbehaves on
 * request:
 *
 *     POST   /points                    a batch; a batch id that comes again is acknowledged again
 *     GET    /received[?wrapper_id=…]   what came, of one wrapper or of all
 *     DELETE /received[?wrapper_id=…]   forgets it
 *     GET    /behaviour
 *     POST   /behaviour                 replaces it; {} is good behaviour
 *
 * @param port 0 or absent: a free one
 * @param dataDir where what was received is kept; absent: in memory only
 */
export async function startSink({ port, dataDir }: SinkOptions = {}): Promise<Sink> {
  const behaviour = Behaviour.parse({});
  const received: SinkState['received'] = new Map();
  const journal = dataDir === undefined ? undefined : openJournal(dataDir, (entry) => remember(received, entry));
  const state: SinkState = { received, journal, behaviour, next: misfortune(behaviour) };
  const server = createServer(async (request, response) => {
    try {
      await respond(request, response, state);
    } catch (error) {
      // What is left of a refused body is read away, so that the sender gets to read why.
      request.resume();
      const status = error instanceof SinkRefusal ? error.status : 500;
      if (response.headersSent || request.errored) response.destroy();
      else sendJson(response, status, { error: error instanceof Error ? error.message : String(error) });
    }
  });
  // Longer than any pause between two batches: the side that sends decides when a connection is over.
  server.keepAliveTimeout = 65_000;
  const listening = await listenOnLoopback(server, port);
  return {
    ...listening,
    async close() {
      await listening.close();
      journal?.close();
    },
  };
}

async function respond(request: IncomingMessage, response: ServerResponse, state: SinkState): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sink');
  const wrapperId = url.searchParams.get('wrapper_id');
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /received':
      return sendJson(response, 200, countsOf(state.received, wrapperId));
    case 'DELETE /received':
      forget(state, wrapperId);
      return void response.writeHead(204).end();
    case 'POST /behaviour':
      state.behaviour = parseAs(Behaviour, await readJson(request));
      state.next = misfortune(state.behaviour);
      return sendJson(response, 200, state.behaviour);
    case 'GET /behaviour':
      return sendJson(response, 200, state.behaviour);
  }
  if (request.method !== 'POST')
    throw new SinkRefusal(404, 'POST batches to any path; GET or DELETE /received; POST /behaviour');
  return await receive(request, response, state);
}

async function receive(request: IncomingMessage, response: ServerResponse, state: SinkState): Promise<void> {
  const { behaviour } = state;
  const batch = await readBatch(request);
  const mishap = state.next();
  if (behaviour.latency_ms > 0) await sleep(behaviour.latency_ms, undefined, { ref: false });
  switch (mishap) {
    case 'hang':
      return;
    case 'fixed':
      return void response
        .writeHead(behaviour.status ?? 200, { 'content-type': behaviour.content_type ?? 'text/plain' })
        .end(behaviour.body ?? '');
    case 'error': {
      const { error_status, retry_after } = behaviour;
      if (retry_after !== undefined) response.setHeader('retry-after', String(retry_after));
      return sendJson(response, error_status, { error: 'as told by /behaviour' });
    }
    case 'partial': {
      const half = batch.points.slice(0, Math.floor(batch.points.length / 2));
      take(state, { ...batch, batchId: null, points: half });
      return sendJson(response, 207, { accepted: half.length });
    }
    case 'drop':
      store(state, batch);
      return void response.destroy();
    case 'none':
      store(state, batch);
      return sendJson(response, 200, { accepted: batch.points.length });
  }
}

/** A batch id stands for the points it came with first: anything else under it would be lost on a real receiver. */
function store(state: SinkState, batch: SinkBatch): void {
  const known = pointsOf(state.received, batch.wrapperId);
  if (known.compare(batch.batchId, batch.points) === 'changed') {
    throw new SinkRefusal(422, `batch ${batch.batchId} came before with other points`);
  }
  take(state, batch);
}

function take(state: SinkState, batch: Omit<SinkBatch, 'batchId'> & { readonly batchId: string | null }): void {
  const entry = { kind: 'took' as const, ...batch };
  state.journal?.append(entry);
  remember(state.received, entry);
}

function forget(state: SinkState, wrapperId: string | null): void {
  if (wrapperId === null) {
    state.journal?.clear();
    state.received.clear();
    return;
  }
  const entry = { kind: 'forgot' as const, wrapperId };
  state.journal?.append(entry);
  remember(state.received, entry);
}

function remember(received: SinkState['received'], entry: JournalEntry): void {
  if (entry.kind === 'forgot') received.delete(entry.wrapperId);
  else pointsOf(received, entry.wrapperId).take(entry.points, entry.batchId ?? undefined);
}

function pointsOf(received: SinkState['received'], wrapperId: string): ReceivedPoints {
  const known = received.get(wrapperId) ?? receivedPoints();
  received.set(wrapperId, known);
  return known;
}

function countsOf(received: SinkState['received'], wrapperId: string | null): Counts {
  const all = [...received]
    .filter(([id]) => wrapperId === null || id === wrapperId)
    .map(([, points]) => points.counts());
  const sum = (name: keyof Counts) => all.reduce((total, counts) => total + counts[name], 0);
  return {
    batches: sum('batches'),
    points: sum('points'),
    unique_points: sum('unique_points'),
    duplicate_points: sum('duplicate_points'),
    bad_duplicates: sum('bad_duplicates'),
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
