import type { OutgoingBatch } from '../../lambdas/domain/destination.ts';

/** A batch of `count` small points, `{"id":"p0","timestamp":null,"data":{"n":0}}` and so on. */
export function outgoingBatch(count = 3, overrides: Partial<OutgoingBatch> = {}): OutgoingBatch {
  return {
    wrapperId: 'w-1',
    executionId: 'e-1',
    batchId: 'b-1',
    seq: 7,
    phase: null,
    points: Array.from({ length: count }, (_, n) => ({
      id: `p${n}`,
      json: `{"id":"p${n}","timestamp":null,"data":{"n":${n}}}`,
    })),
    ...overrides,
  };
}
