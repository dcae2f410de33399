import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Scope } from '../../contracts/scopes.ts';
import type { ApiKey } from '../../domain/access/api-key.ts';
import type { Authenticate } from '../../domain/access/authenticator.ts';
import type { Caller } from '../../domain/access/caller.ts';
import { logger } from '../logger.ts';
import { requestHeaders } from '../request-headers.ts';
import { contextOf } from './caller-context.ts';
import { carriesKey, tokenOf } from './token-of.ts';

type Request = Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'methodArn' | 'resource'> &
  Partial<Pick<APIGatewayRequestAuthorizerEvent, 'multiValueHeaders'>>;

export type AuthorizerDeps = {
  readonly authenticate: Authenticate;
  noteUse(key: ApiKey): Promise<void>;
  /** The value of the gateway key on which requests without a key are counted. */
  readonly anonymousKey: string;
};

/** Whoever watches over the system asks these, also while it can't tell one key from another. */
const openRoutes = ['/api/health', '/api/health/ready'];

/** What anybody may do there, undefined: nothing; a key that is sent along is checked all the same, if it can be. */
function anonymousScopes(route: string): readonly Scope[] | undefined {
  if (route.startsWith('/v1/')) return ['feeds:read'];
  return openRoutes.includes(route) ? [] : undefined;
}

/** What tells of an outage must be told in it, to whom it was told before. */
const healthRoutes = '/api/health';

/** Where what is remembered of a key will not do: one that was stolen and revoked would make itself a successor. */
const keyRoutes = '/api/keys';

/**
 * API Gateway's request authorizer: who is asking, and which scopes do they have. Whether the scopes are enough is
 * the handlers' to say, in the shape of their family.
 */
export function requestAuthorizer({
  authenticate,
  noteUse,
  anonymousKey,
}: AuthorizerDeps): (request: Request) => Promise<APIGatewayAuthorizerResult> {
  const anonymous = (scopes: readonly Scope[], methodArn: string) =>
    permit({ keyId: 'anonymous', scopes, wrapperIds: [] }, anonymousKey, methodArn);
  return async (request) => {
    const { methodArn, resource } = request;
    const headers = requestHeaders(request);
    const scopes = anonymousScopes(resource);
    if (scopes && !carriesKey(headers)) {
      return anonymous(scopes, methodArn);
    }
    const token = tokenOf(headers);
    const inOutage = resource.startsWith(healthRoutes);
    const fresh = resource.startsWith(keyRoutes);
    let key: ApiKey | undefined;
    try {
      key = token === undefined ? undefined : await authenticate(token, { fresh, inOutage });
    } catch (error) {
      if (!openRoutes.includes(resource)) throw error;
      return anonymous([], methodArn);
    }
    // The one message that API Gateway turns into 401; any other failure becomes a 500.
    if (key === undefined) throw new Error('Unauthorized');
    // A request is not refused because its use could not be noted.
    await noteUse(key).catch((error) => logger.warn('use of a key was not noted', { error, keyId: key.keyId }));
    return permit(key, key.keyId, methodArn);
  };
}

function permit(caller: Caller, usageIdentifierKey: string, methodArn: string): APIGatewayAuthorizerResult {
  return {
    principalId: caller.keyId,
    usageIdentifierKey,
    context: contextOf(caller),
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: wholeApi(methodArn) }],
    },
  };
}

/** `arn:aws:execute-api:region:account:api/stage/METHOD/path` with any method and path. */
function wholeApi(methodArn: string): string {
  return `${methodArn.split('/', 2).join('/')}/*`;
}
