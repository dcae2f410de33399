import fc from 'fast-check';
import type { Mode } from '../../lambdas/domain/run/run-state.ts';
import type { Behaviour } from '../support/recording-destination.ts';
import { timing } from '../support/run-world.ts';
import { type Fault, faults } from '../support/wire.ts';

/** What people and services do to a wrapper from outside. */
export type Act =
  | 'execute'
  | 'stop'
  | 're-drive quarantine'
  | 'mend the mapping'
  | 'reconcile'
  | 'abort the execution'
  | 're-drive an execution'
  | 'let the source grow';

/** What happens at one call: the `nth` of its port, or of all, from 0. */
export type Trouble = {
  readonly call: 'any' | 'destination.send' | 'store.save';
  readonly nth: number;
  readonly fault: Fault | null;
  /** How much longer it takes to arrive, and its answer to come back. */
  readonly thereMs: number;
  readonly backMs: number;
  /** What is done outside when it begins, or so much later. */
  readonly act: Act | null;
  readonly actAfterMs: number;
};

/** How one function is invoked, the ones after each other in turn. */
export type Invocation = {
  readonly skewMs: number;
  /** As of the deploy or definition that it works by. */
  readonly batchSize: number;
  /** Whether a slice is invoked twice at once. */
  readonly twice: boolean;
};

/** All that is to happen to one wrapper, as plain data: played again, it happens again. */
export type Schedule = {
  readonly mode: Mode;
  readonly rows: number;
  /** Rows that can't be read, and rows that the mapping does not fit until it is mended. */
  readonly rejected: readonly number[];
  readonly misfits: readonly number[];
  readonly invocations: readonly Invocation[];
  readonly sliceLifetimeMs: number;
  readonly handoverAfter: number;
  /** How the destination takes what it is sent; afterwards it accepts. */
  readonly answers: readonly Behaviour[];
  readonly acts: readonly { readonly atMs: number; readonly act: Act }[];
  readonly troubles: readonly Trouble[];
  /** Delays of the events that tell of each execution's end: none is a lost one, two are a doubled one. */
  readonly events: readonly (readonly number[])[];
  /** Decides the small differences in how long calls take. */
  readonly salt: number;
  /** All of this comes to an end then, and the world has time to recover. */
  readonly calmAfterMs: number;
};

/** Any two clocks that are off by no more than this differ by less than the margin. */
export const SKEW_MS = timing.marginMs / 2 - 1;
/** A clock that is simply wrong: what rests on time is not promised then, that nothing is lost or counted twice is. */
const WRONG_BY_MS = 5 * 60_000;

const MOST_ROWS = 12;
const LONGEST_MS = 120_000;

const act = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Act>('stop') },
  { weight: 4, arbitrary: fc.constant<Act>('execute') },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Act[]>(
      're-drive quarantine',
      'mend the mapping',
      'reconcile',
      'abort the execution',
      're-drive an execution',
      'let the source grow',
    ),
  },
);

/** Mostly none; else about as long as a permit, a lease or a function lasts, or anything. */
const delay = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: timing.sendMs - 3_000, max: timing.sendMs + timing.marginMs }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: timing.leaseMs - 2_000, max: timing.leaseMs + 5_000 }) },
);

const anyTrouble: fc.Arbitrary<Trouble> = fc.record({
  call: fc.constantFrom('destination.send', 'store.save', 'any'),
  nth: fc.oneof(fc.nat(12), fc.nat(60)),
  fault: fc.oneof(fc.constant(null), fc.constantFrom(...faults)),
  thereMs: delay,
  backMs: delay,
  act: fc.oneof(fc.constant(null), act),
  actAfterMs: fc.oneof(fc.constant(0), fc.nat(20_000)),
});

/** A stop beside a request that arrives when its permit is about to end: where the margin of clocks counts. */
const squeeze: fc.Arbitrary<Trouble> = fc.record({
  call: fc.constant('destination.send'),
  nth: fc.nat(6),
  fault: fc.constant(null),
  thereMs: fc.integer({ min: timing.sendMs - 1_500, max: timing.sendMs + 1_000 }),
  backMs: fc.constant(0),
  act: fc.constant('stop'),
  actAfterMs: fc.nat(12_000),
});

const trouble = fc.oneof({ weight: 5, arbitrary: anyTrouble }, { weight: 1, arbitrary: squeeze });

const invocations = (offMs: number): fc.Arbitrary<Invocation[]> =>
  fc.array(
    fc.record({
      skewMs: fc.constantFrom(0, -offMs, offMs, -offMs, offMs),
      batchSize: fc.integer({ min: 1, max: 4 }),
      twice: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
    { minLength: 1, maxLength: 5 },
  );

const someRows = fc.oneof(fc.constant([]), fc.uniqueArray(fc.integer({ min: 1, max: MOST_ROWS }), { maxLength: 4 }));

/** Every schedule there is; of one that breaks an invariant, fast-check finds the one of fewest events that does. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  mode: fc.oneof({ weight: 3, arbitrary: fc.constant('once') }, { weight: 1, arbitrary: fc.constant('continuous') }),
  rows: fc.integer({ min: 1, max: MOST_ROWS }),
  rejected: someRows,
  misfits: someRows,
  invocations: fc.oneof(
    { weight: 15, arbitrary: invocations(SKEW_MS) },
    { weight: 1, arbitrary: invocations(WRONG_BY_MS) },
  ),
  sliceLifetimeMs: fc.constantFrom(300_000, 40_000),
  handoverAfter: fc.constantFrom(1000, 2),
  answers: fc.oneof(
    fc.constant([]),
    fc.array(fc.constantFrom('accept', 'accept', 'accept-then-drop', 'partial', 'busy', 'hang', 'refuse'), {
      maxLength: 6,
    }),
  ),
  acts: fc.array(fc.record({ atMs: fc.nat(LONGEST_MS), act }), { maxLength: 4 }),
  troubles: fc.array(trouble, { maxLength: 6 }),
  events: fc.array(fc.array(fc.nat(70_000), { maxLength: 2 }), { maxLength: 3 }),
  salt: fc.nat(),
  calmAfterMs: fc.integer({ min: 0, max: LONGEST_MS }),
});
