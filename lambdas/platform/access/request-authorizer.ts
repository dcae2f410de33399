import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import type { ApiKey } from '../../domain/access/api-key.ts';
import { tokenOf } from './token-of.ts';

type Request = Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'methodArn'>;

/**
 * API Gateway's request authorizer: who is asking, and which scopes do they have. Whether the scopes are enough is
 * the handlers' to say, in the shape of their family.
 */
export function requestAuthorizer(
  authenticate: (token: string) => Promise<ApiKey | undefined>,
): (request: Request) => Promise<APIGatewayAuthorizerResult> {
  return async ({ headers, methodArn }) => {
    const token = tokenOf(headers);
    const key = token === undefined ? undefined : await authenticate(token);
    // The one message that API Gateway turns into 401; any other failure becomes a 500.
    if (key === undefined) throw new Error('Unauthorized');
    return {
      principalId: key.keyId,
      usageIdentifierKey: key.keyId,
      context: { key_id: key.keyId, scopes: key.scopes.join(' ') },
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: wholeApi(methodArn) }],
      },
    };
  };
}

/** `arn:aws:execute-api:region:account:api/stage/METHOD/path` with any method and path. */
function wholeApi(methodArn: string): string {
  return `${methodArn.split('/', 2).join('/')}/*`;
}
