import {
  APIGatewayClient,
  APIGatewayServiceException,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  NotFoundException,
  paginateGetUsagePlans,
  TooManyRequestsException,
} from '@aws-sdk/client-api-gateway';
import type { GatewayKeys } from '../../domain/access/key-store.ts';
import { RetryableError } from '../../domain/errors.ts';

/** A gateway that hangs is given up before the function's own time is over. */
const apiGateway = new APIGatewayClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
});

/**
 * Keys of API Gateway on the usage plan of this name. A function can't be told the plan's id: the plan refers to the
 * API, the API to the function, and CloudFormation builds no circle.
 */
export function gatewayKeys(usagePlan: string, gateway: APIGatewayClient = apiGateway): GatewayKeys {
  let known: string | undefined;
  const planId = async () => {
    known ??= await gatewayCall(() => findPlan(usagePlan, gateway));
    if (known === undefined) throw new Error(`there is no usage plan ${usagePlan}`);
    return known;
  };
  const { remove } = gatewayKeyRemoval(gateway);
  return {
    async create(keyId, name) {
      const usagePlanId = await planId();
      const value = { name: `headgate ${name}`, value: keyId, enabled: true };
      const made = await gatewayCall(() => gateway.send(new CreateApiKeyCommand(value)));
      const id = String(made.id);
      try {
        const onPlan = new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' });
        await gatewayCall(() => gateway.send(onPlan));
      } catch (error) {
        // What went wrong first is what to tell.
        await remove(id).catch(() => undefined);
        throw error;
      }
      return id;
    },
    remove,
  };
}

/** All that revoking needs. */
export function gatewayKeyRemoval(gateway: APIGatewayClient = apiGateway): Pick<GatewayKeys, 'remove'> {
  return {
    remove: (id) =>
      gatewayCall(async () => {
        try {
          await gateway.send(new DeleteApiKeyCommand({ apiKey: id }));
        } catch (error) {
          if (!(error instanceof NotFoundException)) throw error;
        }
      }),
  };
}

async function findPlan(name: string, client: APIGatewayClient): Promise<string | undefined> {
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    const found = items.find((plan) => plan.name === name)?.id;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws RetryableError when the gateway is out of reach, throttles or fails; what it refuses goes through as it is. */
async function gatewayCall<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const isRefusal = error instanceof APIGatewayServiceException && error.$fault === 'client';
    if (isRefusal && !(error instanceof TooManyRequestsException)) throw error;
    throw new RetryableError("the gateway's own API is unavailable", { cause: error });
  }
}
