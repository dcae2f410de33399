import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../support/random.ts';
import { webServer } from '../../../support/web-server.ts';
import { type Account, openAccount } from './account.ts';

/** How a wrapper's batches are treated: answered after a time within these bounds, and now and then worse. */
export type Manner = {
  readonly latencyMs: readonly [least: number, most: number];
  /** Share of batches that are refused with 503, taken without an answer, or never answered. */
  readonly busy?: number;
  readonly drop?: number;
  readonly hang?: number;
};

/** A destination that keeps account of what it gets. It lives in the test, so it survives whatever is killed. */
export type Judge = {
  readonly url: string;
  /** Begins an account of a wrapper that reads `csvOf(rows)`. */
  open(wrapperId: string, rows: number, manner: Manner): Account;
  behave(wrapperId: string, manner: Manner): void;
  /** All batches that have arrived so far. */
  batches(): number;
  close(): Promise<void>;
};

type Known = { readonly account: Account; manner: Manner };

export async function startJudge(random: Random): Promise<Judge> {
  const known = new Map<string, Known>();
  let batches = 0;
  const server = await webServer((request, response) => {
    const at = performance.now();
    batches += 1;
    receive(request, response, at, known, random).catch(() => response.destroy());
  });
  return {
    url: `${server.url}/points`,
    open(wrapperId, rows, manner) {
      const account = openAccount(rows);
      known.set(wrapperId, { account, manner });
      return account;
    },
    batches: () => batches,
    behave(wrapperId, manner) {
      const wrapper = known.get(wrapperId);
      if (wrapper) wrapper.manner = manner;
    },
    close: server.close,
  };
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  at: number,
  known: ReadonlyMap<string, Known>,
  random: Random,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { wrapper_id, batch_id, data_points } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const wrapper = known.get(wrapper_id);
  if (!wrapper) throw new Error(`nobody awaits wrapper ${wrapper_id}`);
  const { account, manner } = wrapper;
  const batch = { batchId: batch_id, points: data_points, at };
  account.arrived(batch);
  await sleep(random.between(...manner.latencyMs));
  const dice = random.next();
  const [hang, drop, busy] = [manner.hang ?? 0, manner.drop ?? 0, manner.busy ?? 0];
  if (dice < hang) return;
  if (dice < hang + drop) return void response.destroy();
  if (dice < hang + drop + busy) return void response.writeHead(503).end();
  account.accepted(batch);
  response.writeHead(200, { 'content-type': 'application/json' }).end(`{"accepted":${data_points.length}}`);
}
