import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from '../../../support/random.ts';
import { csvOf } from '../csv.ts';
import { eventually } from '../eventually.ts';
import type { Account } from './account.ts';
import { type Judge, type Manner, startJudge } from './judge.ts';
import { SEND_MS, type StackUnderFire } from './stack-under-fire.ts';

export type StopPlan = {
  readonly seed: number;
  readonly races: number;
  /** When a run is stopped: at random moments, or just as it is handed over to its next execution. */
  readonly at: 'any moment' | 'a hand-over';
  /** How many wrappers are raced at once, each of so many records. */
  readonly lanes: number;
  readonly rows: number;
};

export type StopFigures = {
  races: number;
  /** Of them, those that the natural end of the run won. */
  ended: number;
  handOvers: number;
  /** Records that came again as they came before. */
  repeated: number;
  sentAfterStop: number;
  committedAfterStop: number;
  /** Answers other than success, and runs that ended as an error. */
  failed: number;
  /** Stopped runs whose execution was not `ABORTED`. */
  notAborted: number;
  lost: number;
  /** Altered, or again under another id. */
  wrong: number;
  countedTwice: number;
  /** Sent again though every answer had come in time and nothing was killed. */
  needlesslyRepeated: number;
  /** What lies behind a figure that should be 0. */
  readonly told: string[];
  /** Of the answers to a stop, in milliseconds. */
  readonly latencies: number[];
};

/** What every campaign has to come to. */
export const stoppedAsPromised = {
  sentAfterStop: 0,
  committedAfterStop: 0,
  failed: 0,
  notAborted: 0,
  lost: 0,
  wrong: 0,
  countedTwice: 0,
  needlesslyRepeated: 0,
  told: [] as string[],
};

/** A destination at its best, and at what makes a stop wait or a batch uncertain. */
const PROMPT: Manner = { latencyMs: [5, 60] };
const manners: readonly Manner[] = [
  PROMPT,
  { ...PROMPT, drop: 0.2 },
  { ...PROMPT, hang: 0.2 },
  PROMPT,
  { latencyMs: [0, 800] },
  { ...PROMPT, busy: 0.2 },
];
const BATCH = 10;
/** Of one wrapper, before its run is left to end. */
const RACES_PER_WRAPPER = 5;
const LATEST_STOP_MS = 2500;
/** A hand-over takes about so long. */
const HAND_OVER_MS = 250;
/** Longer than any permit lives, its margin included. */
const SILENCE_MS = SEND_MS + 1000;

type Campaign = {
  readonly plan: StopPlan;
  readonly fire: StackUnderFire;
  readonly judge: Judge;
  readonly figures: StopFigures;
  /** Whether another race is to be run; it is counted as begun. */
  readonly another: () => boolean;
  /** One run after the other, where it matters whose hand-over is seen. */
  readonly inTurn: <Value>(run: () => Promise<Value>) => Promise<Value>;
  /** Wrappers whose worker may have been killed. */
  readonly racing: Set<Raced>;
};

type Raced = { readonly id: string; readonly account: Account; readonly random: Random; wasHit: boolean };

/** Stops runs in several lanes at once, and in the end lets each go on to its own. Whatever went wrong is a figure. */
export async function stopCampaign(plan: StopPlan, fire: StackUnderFire): Promise<StopFigures> {
  const judge = await startJudge(seededRandom(plan.seed));
  let left = plan.races;
  const another = (): boolean => {
    left -= 1;
    return left >= 0;
  };
  const inTurn = plan.at === 'a hand-over' ? oneAtATime() : <Value>(run: () => Promise<Value>) => run();
  const campaign: Campaign = { plan, fire, judge, figures: noFigures(), another, inTurn, racing: new Set() };
  try {
    const fileId = await fire.api.upload(csvOf(plan.rows));
    await Promise.all(Array.from({ length: plan.lanes }, (_, lane) => raceInLane(lane, fileId, campaign)));
    return campaign.figures;
  } finally {
    await judge.close();
  }
}

async function raceInLane(lane: number, fileId: string, campaign: Campaign): Promise<void> {
  const { plan, fire, judge, figures, another, inTurn, racing } = campaign;
  const random = seededRandom(plan.seed + lane + 1);
  let more = another();
  for (let wrappers = lane; more; wrappers += 1) {
    const destination = { type: 'http', url: judge.url };
    const id = await fire.api.createCsvWrapper(fileId, { destination, batch_size: BATCH });
    const manner = manners[wrappers % manners.length] ?? PROMPT;
    const raced: Raced = { id, account: judge.open(id, plan.rows, manner), random, wasHit: false };
    racing.add(raced);
    let isOver = false;
    for (let races = 0; more && !isOver && races < RACES_PER_WRAPPER; races += 1) {
      isOver = (await race(raced, campaign)) === 'completed';
      figures.races += 1;
      if (isOver) figures.ended += 1;
      more = another();
    }
    judge.behave(id, { latencyMs: [0, 10] });
    await inTurn(() => complete(id, campaign));
    await settle(raced, manner === PROMPT && !raced.wasHit, campaign);
    racing.delete(raced);
  }
}

/** Begins or goes on with a run, stops it, and sees that it has stopped; answers what came of it. */
async function race(raced: Raced, campaign: Campaign): Promise<string> {
  const { id, account } = raced;
  const { fire, figures, inTurn } = campaign;
  const answered = await inTurn(() => runAndStop(raced, campaign));
  // A stop that says that it has failed has promised nothing.
  if (answered === null) return 'unknown';
  const [{ body: before }, executions] = await Promise.all([fire.api.get(id), fire.executionsOf(id)]);
  if (before.status === 'stopped' && executions[0]?.status !== 'ABORTED') {
    figures.notAborted += 1;
    figures.told.push(`not aborted: ${JSON.stringify(executions)}`);
  }
  if (before.status !== 'stopped' && before.status !== 'completed') {
    figures.failed += 1;
    figures.told.push(`after a stop: ${JSON.stringify(before)}`);
  }
  await sleep(SILENCE_MS);
  figures.sentAfterStop += account.arrivedAfter(answered);
  const { body: after } = await fire.api.get(id);
  if (JSON.stringify(after) !== JSON.stringify(before)) {
    figures.committedAfterStop += 1;
    figures.told.push(`changed: ${JSON.stringify(before)} to ${JSON.stringify(after)}`);
  }
  return before.status;
}

/** Answers when the stop was answered with success, null if it was not; now and then two are asked for at once, and a worker is killed just before. */
async function runAndStop({ id, random }: Raced, { plan, fire, figures, racing }: Campaign): Promise<number | null> {
  const { api } = fire;
  const handOver = plan.at === 'a hand-over' ? fire.nextHandOver() : undefined;
  await api.execute(id, '', { Prefer: 'respond-async' });
  await handOver;
  await sleep(random.between(0, handOver ? HAND_OVER_MS : LATEST_STOP_MS));
  if (random.chance(0.1)) {
    for (const raced of racing) raced.wasHit = true;
    await fire.killOne(random);
  }
  const asked = performance.now();
  const stops = await Promise.all(random.chance(0.1) ? [api.stop(id), api.stop(id)] : [api.stop(id)]);
  const answered = performance.now();
  figures.latencies.push(answered - asked);
  const failed = stops.filter(({ status, body }) => status !== 200 || body.success !== true);
  figures.failed += failed.length;
  for (const { status, body } of failed) figures.told.push(`stop answered ${status}: ${JSON.stringify(body)}`);
  return failed.length === 0 ? answered : null;
}

async function complete(id: string, { fire }: Campaign): Promise<void> {
  await eventually(
    () => fire.api.execute(id),
    ({ status, body }) => status === 200 && body.success === true,
    120_000,
  );
}

/** Every record is accounted for. */
async function settle({ id, account }: Raced, exactly: boolean, { plan, fire, figures }: Campaign): Promise<void> {
  const { body } = await fire.api.get(id);
  const executions = await fire.executionsOf(id);
  figures.lost += account.lost();
  figures.wrong += account.wrong().length;
  figures.told.push(...account.wrong());
  figures.repeated += account.repeated();
  figures.countedTwice += Math.abs(body.data_points_count - plan.rows);
  if (exactly) figures.needlesslyRepeated += account.repeated();
  figures.handOvers += executions.filter(({ name }) => !name.endsWith('-0')).length;
}

function oneAtATime() {
  let last: Promise<unknown> = Promise.resolve();
  return <Value>(run: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(run);
    last = turn.catch(() => undefined);
    return turn;
  };
}

function noFigures(): StopFigures {
  return { races: 0, ended: 0, handOvers: 0, repeated: 0, ...stoppedAsPromised, told: [], latencies: [] };
}
