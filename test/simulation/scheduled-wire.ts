import { RetryableError, ThrottledError } from '../../lambdas/domain/errors.ts';
import { seededRandom } from '../support/random.ts';
import type { RunWorld } from '../support/run-world.ts';
import { callWith, isDeadly, longestMs, never, type Wire } from '../support/wire.ts';
import type { Act, Schedule, Trouble } from './schedule.ts';

export type Wires = {
  /** The wire of the next function; once it has died, nothing that it does happens any more. */
  next(): Wire;
  /** From here on all goes well. */
  calm(): void;
};

const USUAL_MS = 50;
const RETRY_AFTER_MS = 10_000;

/** Wires between the functions of a world and all that they call, on which the troubles of a schedule happen. */
export function scheduledWires(
  { troubles, salt }: Schedule,
  world: RunWorld,
  hooks: { readonly act: (act: Act, afterMs: number) => void; readonly trace: (text: string) => void },
): Wires {
  const random = seededRandom(salt);
  const seen = new Map<string, number>();
  let functions = 0;
  let isCalm = false;

  function troubleAt(name: string): Trouble | undefined {
    if (isCalm) return undefined;
    const [all, own] = [count('any'), count(name)];
    return troubles.find(({ call, nth }) => (call === 'any' ? nth === all : call === name && nth === own));
  }

  function count(name: string): number {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return nth;
  }

  function next(): Wire {
    functions += 1;
    const self = functions;
    let dead = false;
    return async (name, call) => {
      if (dead) return never();
      const { fault = null, thereMs = 0, backMs = 0, act = null, actAfterMs = 0 } = troubleAt(name) ?? {};
      if (act) hooks.act(act, actAfterMs);
      dead = isDeadly(fault);
      const usualMs = random.between(0, USUAL_MS);
      await world.clock.sleep(Math.min(usualMs + thereMs, longestMs(name)));
      hooks.trace(`function ${self}: ${name}${fault ? `, ${fault}` : ''}`);
      const outcome = { lost: () => lost(name, usualMs, world), late: () => world.clock.sleep(longestMs(name)) };
      const answer = await callWith(fault, call, outcome);
      // Every other answer is there at once, which is cheaper to play.
      if (backMs > 0 || usualMs % 2 === 1) await world.clock.sleep(Math.min(usualMs + backMs, longestMs(name)));
      return answer;
    };
  }

  return {
    next,
    calm() {
      isCalm = true;
    },
  };
}

/** A source may also ask to come back later. */
function lost(name: string, salt: number, { clock }: RunWorld): Error {
  if (name.startsWith('source.') && salt % 2 === 0)
    return new ThrottledError('come back later', clock.now() + RETRY_AFTER_MS);
  return new RetryableError('out of reach');
}
