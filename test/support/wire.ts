/**
 * Everything a fake does goes over a wire, so that a test can see each call and make it fail: the way from a function
 * to its store, its destination, its state machine. `name` is the port and the method, such as `store.save`.
 */
export type Wire = <T>(name: string, call: () => T | Promise<T>) => Promise<T>;

export const soundWire: Wire = async (_name, call) => call();

/**
 * What happens to one call: it is lost on the way there or on the way back, it arrives twice because a client tried
 * again (its caller sees the second answer), or its caller dies before or after it.
 */
export type Fault = 'throw-before' | 'throw-after' | 'twice' | 'die-before' | 'die-after';

export const faults: readonly Fault[] = ['throw-before', 'throw-after', 'twice', 'die-before', 'die-after'];

/** Never settles: what a dead function waits for. */
const never = new Promise<never>(() => undefined);

/** Names its calls in `calls`; the call at `index` meets with the fault. Once its caller is dead, nothing happens any more. */
export function faultyWire(
  calls: string[],
  fault: { readonly index: number; readonly kind: Fault } | null,
  lost: () => Error,
): Wire {
  let dead = false;
  return async (name, call) => {
    if (dead) return never;
    const index = calls.push(name) - 1;
    if (index !== fault?.index) return call();
    switch (fault.kind) {
      case 'throw-before':
        throw lost();
      case 'throw-after':
        await call();
        throw lost();
      case 'twice':
        await call();
        return call();
      case 'die-before':
        dead = true;
        return never;
      default:
        await call();
        dead = true;
        return never;
    }
  };
}
