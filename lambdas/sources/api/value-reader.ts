import type { SecretReference } from '../../domain/secrets.ts';
import type { ApiPorts } from './ports.ts';

export type ReadValue = (value: string | SecretReference) => Promise<string>;

/** A value as it stands, or the secret that it refers to. */
export function valueReader({ secret }: Pick<ApiPorts, 'secret'>, fresh: boolean): ReadValue {
  return async (value) => (typeof value === 'string' ? value : secret(value.secret, { fresh }));
}
