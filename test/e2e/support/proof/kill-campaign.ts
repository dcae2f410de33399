import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from '../../../support/random.ts';
import { csvOf } from '../csv.ts';
import { eventually } from '../eventually.ts';
import type { Account } from './account.ts';
import { type Judge, startJudge } from './judge.ts';
import { LEASE_MS, type StackUnderFire } from './stack-under-fire.ts';
import { nothingWrongSeen, type Seen, watchRun } from './watch-run.ts';

export type KillPlan = {
  readonly seed: number;
  /** How many wrappers run at once, each of so many records. */
  readonly lanes: number;
  readonly rows: number;
  /** Kills of one worker at work; of the whole stack; of all workers, for longer than a lease. */
  readonly workers: number;
  readonly stacks: number;
  readonly outages: number;
};

type Kill = 'worker' | 'stack' | 'outage';

export type KillFigures = Seen & {
  kills: number;
  runs: number;
  records: number;
  handOvers: number;
  /** Records that came again as they came before. */
  repeated: number;
  lost: number;
  /** Altered, or again under another id. */
  wrong: number;
  countedTwice: number;
  /** Runs that are shown as more or fewer executions than were begun. */
  notOneExecution: number;
  /** What lies behind a figure that should be 0. */
  readonly told: string[];
};

/** What every campaign has to come to. */
export const nothingLost = {
  lost: 0,
  wrong: 0,
  countedTwice: 0,
  notOneExecution: 0,
  told: [] as string[],
  ...nothingWrongSeen,
};

const BATCH = 50;
const OUTAGE_MS = LEASE_MS + 3000;
const LONGEST_RUN_MS = 240_000;
const LOOK_AGAIN_MS = 150;

type Campaign = {
  readonly plan: KillPlan;
  readonly fire: StackUnderFire;
  readonly judge: Judge;
  readonly figures: KillFigures;
  isOver: boolean;
};

/**
 * Kills workers and the whole stack at random moments, `kill -9`, while runs go on one after the other in several lanes
 * at once, until the plan's kills are done and the last runs are complete. Whatever went wrong is a figure.
 */
export async function killCampaign(plan: KillPlan, fire: StackUnderFire): Promise<KillFigures> {
  const random = seededRandom(plan.seed);
  const judge = await startJudge(random);
  try {
    const campaign: Campaign = { plan, fire, judge, figures: noFigures(), isOver: false };
    const fileId = await fire.api.upload(csvOf(plan.rows));
    const lanes = Array.from({ length: plan.lanes }, () => runOneByOne(fileId, campaign));
    await Promise.all([killAtRandom(random, campaign), ...lanes]);
    return campaign.figures;
  } finally {
    await judge.close();
  }
}

async function killAtRandom(random: Random, campaign: Campaign): Promise<void> {
  const { fire, figures, plan } = campaign;
  for (const kill of shuffled(killsOf(plan), random)) {
    // Mostly in the middle of the work, now and then while what was killed before is being replaced.
    if (random.chance(0.8)) await someBatches(random.between(1, 15), campaign);
    await sleep(random.between(0, 150));
    if (kill === 'worker') await fire.killOne(random);
    else if (kill === 'stack') await fire.killAll();
    else await fire.killEachFor(OUTAGE_MS);
    figures.kills += 1;
  }
  campaign.isOver = true;
}

async function someBatches(count: number, { judge }: Campaign): Promise<void> {
  const enough = judge.batches() + count;
  await eventually(
    async () => judge.batches(),
    (batches) => batches >= enough,
    LONGEST_RUN_MS,
  );
}

function killsOf({ workers, stacks, outages }: KillPlan): Kill[] {
  const times = (count: number, kill: Kill) => Array.from({ length: count }, () => kill);
  return [...times(workers, 'worker'), ...times(stacks, 'stack'), ...times(outages, 'outage')];
}

async function runOneByOne(fileId: string, campaign: Campaign): Promise<void> {
  const { fire, judge, figures, plan } = campaign;
  do {
    const destination = { type: 'http', url: judge.url };
    const id = await insist(() => fire.api.createCsvWrapper(fileId, { destination, batch_size: BATCH }));
    const account = judge.open(id, plan.rows, { latencyMs: [10, 120] });
    const begun = await complete(id, account, campaign);
    await settle(id, account, begun, campaign);
    figures.runs += 1;
    figures.records += plan.rows;
  } while (!campaign.isOver);
}

/** Begins a run, and again whenever it has failed, until it is complete; answers how often. */
async function complete(id: string, account: Account, { fire, figures }: Campaign): Promise<number> {
  const watch = watchRun(id, account, fire, figures);
  const until = performance.now() + LONGEST_RUN_MS;
  let status = 'pending';
  let begun = 0;
  while (status !== 'completed') {
    if (performance.now() > until)
      throw new Error(`wrapper ${id} is not complete after ${LONGEST_RUN_MS} ms: ${status}`);
    if (status === 'pending' || status === 'error') {
      await insist(() => begin(id, fire));
      watch.began();
      begun += 1;
    }
    await sleep(LOOK_AGAIN_MS);
    // While the stack is down there is nothing to be seen.
    status = await watch.look().then(
      (wrapper) => wrapper.status,
      () => 'unknown',
    );
  }
  return begun;
}

/** The answer to an earlier request may have been lost: the run may be going on, or over. */
async function begin(id: string, { api }: StackUnderFire): Promise<void> {
  const { status, body } = await api.execute(id, '', { Prefer: 'respond-async' });
  if (status !== 200 && status !== 202) throw new Error(`execute answered ${status}: ${JSON.stringify(body)}`);
}

/** What is to be said of a wrapper once its run is complete. */
async function settle(id: string, account: Account, begun: number, { fire, figures, plan }: Campaign): Promise<void> {
  const wrapper = await insist(() => fire.api.get(id));
  const shown = await insist(() => fire.api.get(id, '/executions'));
  const executions = await insist(() => fire.executionsOf(id));
  figures.lost += account.lost();
  figures.wrong += account.wrong().length;
  figures.told.push(...account.wrong());
  figures.repeated += account.repeated();
  figures.countedTwice += Math.abs(wrapper.body.data_points_count - plan.rows);
  figures.handOvers += executions.filter(({ name }) => !name.endsWith('-0')).length;
  figures.notOneExecution += Math.abs(shown.body.items.length - begun);
}

/** Until it works: the stack may be down. */
async function insist<Value>(call: () => Promise<Value>): Promise<Value> {
  const until = performance.now() + LONGEST_RUN_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function noFigures(): KillFigures {
  const done = { kills: 0, runs: 0, records: 0, handOvers: 0, repeated: 0, looks: 0, looksAtDeadRuns: 0 };
  return { ...done, ...nothingLost, told: [] };
}
