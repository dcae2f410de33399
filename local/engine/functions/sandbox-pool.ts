import type { Sandbox } from './sandbox.ts';
import { type InTurn, turns } from './turns.ts';

/** A sandbox for one invocation; a new one with how its start went. */
export type Given = {
  readonly sandbox: Sandbox;
  readonly initMs?: number;
  readonly initError?: Awaited<Sandbox['ready']>;
};

export type SandboxPool = {
  /** An idle sandbox, or a new one; undefined when the pool is closed meanwhile. */
  take(): Promise<Given | undefined>;
  /** Takes back one that can be used again, for the next in line. */
  giveBack(sandbox: Sandbox): void;
  /** One that can't be used again is none of the pool's any more. */
  drop(sandbox: Sandbox): void;
  /** Those that live now, the busy ones first. */
  all(): readonly Sandbox[];
  isBusy(sandbox: Sandbox): boolean;
  /** Nobody is given any more; ends all. */
  close(): Promise<void>;
};

export type PoolOptions = {
  /** How long whoever waits does so while sandboxes come free, before another one is started. */
  readonly patienceMs?: number | undefined;
  /** When a start may begin, of all functions together. */
  readonly inTurn?: InTurn | undefined;
};

/**
 * Sandboxes of one function. New ones start one after the other, and only where none has come free for a while. A burst
 * of requests is then served by those that there are, where starting one for each would take a small machine longer
 * than all of the requests, and keep those of other functions waiting.
 */
export function sandboxPool(start: () => Sandbox, { patienceMs = 100, inTurn = turns(1) }: PoolOptions): SandboxPool {
  const idle: Sandbox[] = [];
  const busy = new Set<Sandbox>();
  const wanting: ((given: Given | undefined) => void)[] = [];
  let isStarting = false;
  let isPatient = false;
  let cameFreeAt = Number.NEGATIVE_INFINITY;

  /** Gives the first in line what has come free, or the next start. */
  const serveWanting = (): void => {
    const sandbox = wanting.length > 0 ? takeIdle() : undefined;
    if (sandbox) wanting.shift()?.({ sandbox });
    else if (wanting.length > 0 && !isStarting && !isPatient) startUnlessComesFree();
  };

  const startUnlessComesFree = (): void => {
    const waitMs = cameFreeAt + patienceMs - performance.now();
    isPatient = waitMs > 0;
    if (!isPatient) return void startNext();
    const giveUp = () => {
      isPatient = false;
      serveWanting();
    };
    setTimeout(giveUp, waitMs).unref();
  };

  const startNext = async (): Promise<void> => {
    isStarting = true;
    await inTurn(async () => {
      // Whoever waited may have been given another one meanwhile.
      const give = wanting.shift();
      if (give) give(await coldStart());
    });
    isStarting = false;
    serveWanting();
  };

  const coldStart = async (): Promise<Given> => {
    const began = performance.now();
    const sandbox = start();
    busy.add(sandbox);
    const initError = await sandbox.ready;
    return { sandbox, initError, initMs: performance.now() - began };
  };

  const takeIdle = (): Sandbox | undefined => {
    for (let sandbox = idle.pop(); sandbox; sandbox = idle.pop()) {
      if (!sandbox.alive) continue;
      busy.add(sandbox);
      return sandbox;
    }
    return undefined;
  };

  return {
    take: () =>
      new Promise((resolve) => {
        wanting.push(resolve);
        serveWanting();
      }),
    giveBack(sandbox) {
      busy.delete(sandbox);
      idle.push(sandbox);
      cameFreeAt = performance.now();
      serveWanting();
    },
    drop: (sandbox) => void busy.delete(sandbox),
    all: () => [...busy, ...idle],
    isBusy: (sandbox) => busy.has(sandbox),
    async close() {
      for (const giveUp of wanting.splice(0)) giveUp(undefined);
      await Promise.all([...busy, ...idle.splice(0)].map((sandbox) => sandbox.close()));
    },
  };
}
