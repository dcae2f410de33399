import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { Scope } from '../../contracts/scopes.ts';
import type { ApiKey } from '../../domain/access/api-key.ts';
import { carriesKey, tokenOf } from './token-of.ts';

type Request = Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'methodArn' | 'resource'>;

export type AuthorizerDeps = {
  authenticate(token: string): Promise<ApiKey | undefined>;
  /** The value of the gateway key on which requests without a key are counted. */
  readonly anonymousKey: string;
};

/** What anybody may do, by the beginning of the route; a key that is sent along is checked all the same. */
const anonymousScopes: readonly (readonly [route: string, scopes: readonly Scope[]])[] = [['/v1/', ['feeds:read']]];

/**
 * API Gateway's request authorizer: who is asking, and which scopes do they have. Whether the scopes are enough is
 * the handlers' to say, in the shape of their family.
 */
export function requestAuthorizer({
  authenticate,
  anonymousKey,
}: AuthorizerDeps): (request: Request) => Promise<APIGatewayAuthorizerResult> {
  return async ({ headers, methodArn, resource }) => {
    const anonymous = anonymousScopes.find(([route]) => resource.startsWith(route));
    if (anonymous && !carriesKey(headers)) {
      return permit({ id: 'anonymous', usageKey: anonymousKey, scopes: anonymous[1] }, methodArn);
    }
    const token = tokenOf(headers);
    const key = token === undefined ? undefined : await authenticate(token);
    // The one message that API Gateway turns into 401; any other failure becomes a 500.
    if (key === undefined) throw new Error('Unauthorized');
    return permit({ id: key.keyId, usageKey: key.keyId, scopes: key.scopes }, methodArn);
  };
}

type Caller = { readonly id: string; readonly usageKey: string; readonly scopes: readonly string[] };

function permit({ id, usageKey, scopes }: Caller, methodArn: string): APIGatewayAuthorizerResult {
  return {
    principalId: id,
    usageIdentifierKey: usageKey,
    context: { key_id: id, scopes: scopes.join(' ') },
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
