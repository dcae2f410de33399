import { type StackUnderFire, startStackUnderFire } from './stack-under-fire.ts';

/** Gives a stack to fire at, and ends it whatever comes of it. */
export async function underFire<Value>(use: (fire: StackUnderFire) => Promise<Value>): Promise<Value> {
  const fire = await startStackUnderFire();
  try {
    return await use(fire);
  } finally {
    await fire.stop();
  }
}
