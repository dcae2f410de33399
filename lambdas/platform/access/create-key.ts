import { type APIGatewayClient, CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { type Role, roles } from '../../contracts/roles.ts';
import { newApiKey, type RandomBytes } from '../../domain/access/api-key.ts';
import type { KeyStore } from '../../domain/access/authenticator.ts';

export type CreateKeyDeps = {
  readonly gateway: APIGatewayClient;
  readonly usagePlanId: string;
  readonly keys: Pick<KeyStore, 'put'>;
  readonly now: () => number;
  readonly randomBytes: RandomBytes;
};

/**
 * Creates an API key: at the gateway, which counts and throttles, and in the table, which knows the secret's hash.
 * The table comes last: what a failure leaves at the gateway opens nothing. The token can't be had again.
 */
export async function createKey(
  { name, role }: { readonly name: string; readonly role: Role },
  { gateway, usagePlanId, keys, now, randomBytes }: CreateKeyDeps,
): Promise<{ readonly keyId: string; readonly token: string }> {
  const { key, token } = newApiKey({ name, role, scopes: roles[role] }, { now: now(), randomBytes });
  const made = await gateway.send(
    new CreateApiKeyCommand({ name: `headgate ${name}`, value: key.keyId, enabled: true, description: `role ${role}` }),
  );
  await gateway.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: made.id, keyType: 'API_KEY' }));
  await keys.put(key);
  return { keyId: key.keyId, token };
}
