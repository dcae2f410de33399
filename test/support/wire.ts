/**
 * Everything a fake does goes over a wire, so that a test can see each call and make it fail: the way from a function
 * to its store, its destination, its state machine. `name` is the port and the method, such as `store.save`.
 */
export type Wire = <T>(name: string, call: () => T | Promise<T>) => Promise<T>;

export const soundWire: Wire = async (_name, call) => call();

/**
 * What happens to one call: it is lost on the way there or on the way back, it arrives twice because a client tried
 * again (its caller sees the second answer), its caller dies before or after it, it arrives or is answered so late that
 * nobody counts on it any more.
 */
export const faults = [
  'throw-before',
  'throw-after',
  'twice',
  'die-before',
  'die-after',
  'late',
  'answered-late',
] as const;
export type Fault = (typeof faults)[number];

/** What a dead function waits for; one for each, as a promise keeps all who wait for it. */
export const never = () => new Promise<never>(() => undefined);

/** Makes a call that meets with a fault. */
export async function callWith<T>(
  fault: Fault | null,
  call: () => T | Promise<T>,
  { lost, late }: { readonly lost: () => Error; readonly late: () => Promise<void> },
): Promise<T> {
  if (fault === 'die-before') return never();
  if (fault === 'throw-before') throw lost();
  if (fault === 'late') await late();
  let answer = await call();
  if (fault === 'twice') answer = await call();
  if (fault === 'die-after') return never();
  if (fault === 'answered-late') await late();
  if (fault === 'throw-after') throw lost();
  return answer;
}

/** Whether whoever makes a call that meets with it is dead from then on. */
export function isDeadly(fault: Fault | null): boolean {
  return fault === 'die-before' || fault === 'die-after';
}

/** Names its calls in `calls`; the call at `index` meets with the fault. Once its caller is dead, nothing happens any more. */
export function faultyWire(
  calls: string[],
  fault: { readonly index: number; readonly kind: Fault } | null,
  lost: () => Error,
  late: (name: string) => Promise<void> = never,
): Wire {
  let dead = false;
  return (name, call) => {
    if (dead) return never();
    const kind = calls.push(name) - 1 === fault?.index ? fault.kind : null;
    dead = isDeadly(kind);
    return callWith(kind, call, { lost, late: () => late(name) });
  };
}

/** Past every permit and every lease. */
const LATE_MS = 70_000;
/** The longest that a call to the store lasts, as its client gives up (`lambdas/platform/dynamo.ts`). */
const STORE_MS = 6_000;

/** How long a call may take at most, both ways together. */
export function longestMs(name: string): number {
  return /^(destination|source)\./.test(name) ? LATE_MS : STORE_MS;
}
