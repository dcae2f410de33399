import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 50;

/** Looks again and again until it holds; fails with the last thing seen. */
export async function eventually<Value>(
  look: () => Promise<Value>,
  holds: (value: Value) => boolean,
  withinMs = 30_000,
): Promise<Value> {
  const until = Date.now() + withinMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > until) throw new Error(`did not come true within ${withinMs} ms: ${JSON.stringify(value)}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Looks for a while, and fails as soon as what is seen differs from what was seen first. */
export async function unchanged<Value>(look: () => Promise<Value>, forMs: number): Promise<void> {
  const first = JSON.stringify(await look());
  const until = Date.now() + forMs;
  while (Date.now() < until) {
    await sleep(LOOK_AGAIN_MS);
    const now = JSON.stringify(await look());
    if (now !== first) throw new Error(`changed from ${first} to ${now}`);
  }
}
