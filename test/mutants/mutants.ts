/** A change to the real code that breaks a promise: where a text stands, another one is put. */
export type Mutant = {
  readonly name: string;
  readonly edits: readonly {
    /** Under `lambdas/domain/run/`. */
    readonly file: string;
    readonly text: string;
    readonly becomes: string;
  }[];
};

const slice = 'slice-steps.ts';
const control = 'control-steps.ts';
const HOLDS = "return state.status === 'executing' && state.epoch === hand.epoch && state.attempt === hand.attempt;";

/** What looks like the run protocol and is not. Each of them loses, repeats or sends something that it must not. */
export const mutants: readonly Mutant[] = [
  one('a status flag instead of a fence', slice, HOLDS, "return state.status === 'executing' && hand.epoch > 0;"),
  one(
    'an epoch without an attempt',
    slice,
    HOLDS,
    "return state.status === 'executing' && state.epoch === hand.epoch;",
  ),
  one(
    'an attempt without an epoch',
    slice,
    HOLDS,
    "return state.status === 'executing' && state.attempt === hand.attempt;",
  ),
  one(
    'the checkpoint moves before the batch is sent',
    'move-batches.ts',
    'const sent = await send(batch, held, ended, deps);',
    `await held.apply(commit(held.hand, committed(batch, checkpoint.seq, { bytes: 0 } as never), null, deps.timing));
  const sent = await send(batch, held, ended, deps);`,
  ),
  one(
    'a stop does not wait for the batch in flight',
    control,
    'if (!state.stopRequested || !isPast(state.sendUntil, now, timing)) return',
    'if (!state.stopRequested) return',
  ),
  one(
    'a stop does not wait for permits of fenced invocations',
    control,
    "if (!isPast(state.strayUntil, now, timing)) return refuse('draining', state);\n    if (state.status",
    'if (state.status',
  ),
  one('no margin for clocks', control, 'until + timing.marginMs < now', 'until < now'),
  one(
    'a batch is permitted during a stop',
    slice,
    "if (state.stopRequested) return refuse('stopping', state);\n    return apply({ ...state, ...granted(",
    'return apply({ ...state, ...granted(',
  ),
  one(
    'a commit permits the next batch during a stop',
    slice,
    'return apply(next && !state.stopRequested ?',
    'return apply(next ?',
  ),
  {
    name: 'the id of a batch is where it starts, and its end is not pinned',
    edits: [
      { file: 'batch.ts', text: 'batch.from, batch.to]', becomes: 'batch.from]' },
      { file: 'batch.ts', text: 'for (const point of points) hash.update(point.id);', becomes: '' },
      { file: 'run-slice.ts', text: 'const { pending, checkpoint } =', becomes: 'const { checkpoint } =' },
      {
        file: 'run-slice.ts',
        text: 'const { batchSize, source } = opened;',
        becomes: 'const { batchSize, source } = opened;\n  const pending = null as RunState["pending"];',
      },
    ],
  },
  one(
    'a pending batch is cut anew',
    'run-slice.ts',
    'source.read({ ...request, from: pending.from, until: pending.to })',
    'source.read({ ...request, from: pending.from })',
  ),
  one(
    'a failed attempt lets go of its batch',
    slice,
    '      sendUntil: null,\n      leaseUntil',
    '      pending: null,\n      sendUntil: null,\n      leaseUntil',
  ),
  one(
    'the next run lets go of the batch in doubt',
    control,
    '      attempt: 0,\n',
    '      attempt: 0,\n      pending: null,\n',
  ),
  one(
    'a claim takes the permit before it back',
    slice,
    '...withStrayPermit(state),\n      attempt',
    '...state,\n      sendUntil: null,\n      attempt',
  ),
  one(
    'a write that lost is taken for one that won',
    'step.ts',
    'if (await deps.store.save(next)) return',
    'await deps.store.save(next);\n    if (next.version >= 0) return',
  ),
  {
    name: 'a commit whose answer was lost counts twice',
    edits: [
      { file: slice, text: "if (state.lastCommitId === commitId) return { outcome: 'already', state };", becomes: '' },
      { file: slice, text: "if (state.checkpoint.seq !== batch.seq) return refuse('fenced', state);", becomes: '' },
    ],
  },
  one(
    'a part is taken for the whole',
    'deliver-batch.ts',
    "if (delivery.outcome === 'accepted') return delivery;",
    "if (delivery.outcome === 'accepted') return delivery;\n    if (delivery.outcome === 'partial') return { outcome: 'accepted', bytes: 0 };",
  ),
  one(
    'silence is taken for an answer',
    'deliver-batch.ts',
    "if (delivery.outcome === 'accepted') return delivery;",
    "if (delivery.outcome === 'accepted') return delivery;\n    if (/in time/.test(String((delivery as { reason?: string }).reason))) return { outcome: 'accepted', bytes: 0 };",
  ),
  one(
    'a request goes on beyond its permit',
    'deliver-batch.ts',
    '(state.sendUntil ?? 0) - CUT_OFF_MS',
    '(state.sendUntil ?? 0) + 20 * CUT_OFF_MS',
  ),
  one(
    'running out of time is taken for the end of the source',
    'run-slice.ts',
    "if (moved.outcome === 'exhausted') return",
    "if (moved.outcome === 'exhausted' || moved.outcome === 'more') return",
  ),
  one(
    'rows are set aside before their batch is pinned',
    'move-batches.ts',
    'return points.length > 0 || quarantined.length > 0;',
    'return points.length > 0 && quarantined.length >= 0;',
  ),
  one(
    'rows that do not fit are not set aside',
    'move-batches.ts',
    '  await deps.rows.before(runOf(held), checkpoint, batch);\n',
    '',
  ),
  {
    name: 'rows are set aside after their batch was committed',
    edits: [
      { file: 'move-batches.ts', text: '  await deps.rows.before(runOf(held), checkpoint, batch);\n', becomes: '' },
      {
        file: 'move-batches.ts',
        text: '  await deps.rows.after(batch);\n',
        becomes: '  await deps.rows.before(runOf(held), checkpoint, batch);\n  await deps.rows.after(batch);\n',
      },
    ],
  },
  one(
    'a re-drive begins while fenced invocations may be writing',
    control,
    "if (redrives !== null && !isPast(state.strayUntil, now, timing)) return refuse('draining', state);",
    '',
  ),
  one('a re-drive moves the checkpoint of the source', 'run-changes.ts', '    ...(state.setAside ?? {}),\n', ''),
  one(
    'a re-drive does not know what an earlier one has delivered',
    'redrive.ts',
    'if (rows.length === 0) continue;',
    'if (batch.length === 0) continue;\n      rows.splice(0, rows.length, ...batch);',
  ),
  one(
    'a dead lease is as good as a live one',
    'health.ts',
    'if (leaseUntil === null || leaseUntil < now) return',
    'if (leaseUntil === null) return',
  ),
  one(
    'a wait is a sign of life for an hour more',
    'rest-steps.ts',
    'waitingUntil: until, leaseUntil: until + timing.leaseMs',
    'waitingUntil: until, leaseUntil: until + 3_600_000',
  ),
  one(
    'marks are mixed up',
    slice,
    'highWaterMark: marks.high, lowWaterMark: marks.low',
    'highWaterMark: marks.low, lowWaterMark: marks.high',
  ),
  one('a run is settled without its record', 'settle-run.ts', '    deps.history.putRun(wrapperId, run),\n', ''),
  one(
    'a run counts each time that it is settled',
    control,
    "state.status !== 'executing' && !state.settled && state.epoch === epoch",
    "state.status !== 'executing' && state.epoch === epoch",
  ),
  one(
    'a run is counted without itself',
    'settle-run.ts',
    'withSettled(settledRuns, run.outcome)',
    'settledRuns ?? withSettled(settledRuns, run.outcome)',
  ),
];

function one(name: string, file: string, text: string, becomes: string): Mutant {
  return { name, edits: [{ file, text, becomes }] };
}
