import type { Reply, WrappersApi } from '../wrappers-api.ts';
import type { Account } from './account.ts';
import { LEASE_MS, type StackUnderFire } from './stack-under-fire.ts';

/** What was seen of runs while they went on. */
export type Seen = {
  looks: number;
  checkpointMovedBack: number;
  /** The checkpoint was beyond a row that the destination had not accepted. */
  checkpointTooFar: number;
  /** More points were counted than the destination had accepted. */
  countedTooMuch: number;
  looksAtDeadRuns: number;
  /** A run whose process had been dead for longer than its lease was said to execute, `HEALTHY` or otherwise. */
  deadSaidToExecute: number;
};

export const nothingWrongSeen = {
  checkpointMovedBack: 0,
  checkpointTooFar: 0,
  countedTooMuch: 0,
  deadSaidToExecute: 0,
};

/** The header is row 1, and a position names the row that comes next. */
const ROWS_BEFORE_NEXT = 2;

/** Looks at a run and compares what the API says of it with what it said before and with what the destination knows. */
export function watchRun(wrapperId: string, account: Account, fire: StackUnderFire, seen: Seen) {
  let row = 0;
  let seq = 0;
  let began = performance.now();

  const lookAtCheckpoint = async (api: WrappersApi): Promise<void> => {
    const { checkpoint } = await answered(api.get(wrapperId, '/checkpoint'));
    if (checkpoint === null) {
      if (seq > 0) seen.checkpointMovedBack += 1;
      return;
    }
    const now = { row: Number(checkpoint.position.row), seq: Number(checkpoint.id.slice('cp-'.length)) };
    if (now.row < row || now.seq < seq) seen.checkpointMovedBack += 1;
    if (now.row - ROWS_BEFORE_NEXT > account.acknowledgedUpTo()) seen.checkpointTooFar += 1;
    ({ row, seq } = now);
  };

  const lookAtHealth = async (api: WrappersApi): Promise<void> => {
    const asked = performance.now();
    const { is_actively_executing } = await answered(api.get(wrapperId, '/health'));
    const deadSince = fire.deadSince();
    if (deadSince === null || asked <= Math.max(deadSince, began) + LEASE_MS) return;
    seen.looksAtDeadRuns += 1;
    if (is_actively_executing) seen.deadSaidToExecute += 1;
  };

  return {
    /** A new run gives its sign of life before any process of it does. */
    began: () => {
      began = performance.now();
    },
    /** Answers the wrapper. Rejects when the stack does not answer. */
    async look(): Promise<Reply['body']> {
      const { api } = fire;
      await lookAtCheckpoint(api);
      await lookAtHealth(api);
      const wrapper = await answered(api.get(wrapperId));
      if (wrapper.data_points_count > account.acknowledged()) seen.countedTooMuch += 1;
      seen.looks += 1;
      return wrapper;
    },
  };
}

async function answered(reply: Promise<Reply>): Promise<Reply['body']> {
  const { status, body } = await reply;
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
