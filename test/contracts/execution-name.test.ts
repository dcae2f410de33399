import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { executionName, parseExecutionName } from '../../lambdas/contracts/payloads.ts';

test("an execution's name tells whose it is", () => {
  fc.assert(
    fc.property(fc.uuid(), fc.nat(), fc.nat(), (wrapperId, epoch, handover) => {
      const name = executionName({ wrapper_id: wrapperId, epoch, handover });
      expect(name.length).toBeLessThanOrEqual(80);
      expect(parseExecutionName(name)).toEqual({ wrapperId, epoch, handover });
    }),
  );
});

test('a name that is none of ours is nobody’s', () => {
  for (const name of ['', 'manual-test', 'w-1', 'w-1-x']) expect(parseExecutionName(name)).toBeNull();
});
