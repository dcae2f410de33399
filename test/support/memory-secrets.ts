import { RunFailure } from '../../lambdas/domain/errors.ts';
import type { ReadSecret } from '../../lambdas/domain/secrets.ts';

/** Secrets by name; each reading is noted, `name` or `name fresh`. A name with several values gives the next when fresh. */
export function memorySecrets(values: { readonly [name: string]: string | readonly string[] } = {}): {
  readonly secret: ReadSecret;
  readonly readings: readonly string[];
} {
  const readings: string[] = [];
  const rotations = new Map<string, number>();
  return {
    readings,
    async secret(name, options) {
      readings.push(options?.fresh ? `${name} fresh` : name);
      const known = [values[name] ?? []].flat();
      if (options?.fresh) rotations.set(name, (rotations.get(name) ?? 0) + 1);
      const value = known[Math.min(rotations.get(name) ?? 0, known.length - 1)];
      if (value === undefined) throw new RunFailure('refused', `secret "${name}" does not exist`);
      return value;
    },
  };
}
