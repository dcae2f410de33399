import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Caller } from '../../domain/access/caller.ts';

const ALL_WRAPPERS = '*';

/** What the authorizer says of a caller, for handlers: flat, as the gateway hands on nothing else. */
export function contextOf({ keyId, scopes, wrapperIds, expiresAt }: Caller): Record<string, string> {
  return {
    key_id: keyId,
    scopes: scopes.join(' '),
    wrapper_ids: wrapperIds?.join(' ') ?? ALL_WRAPPERS,
    ...(expiresAt !== undefined && { expires_at: String(expiresAt) }),
  };
}

/** The inverse of `contextOf`. What is not said is not allowed. */
export function callerOf({ requestContext: { authorizer } }: APIGatewayProxyEvent): Caller {
  const text = (name: string): string => {
    const value: unknown = authorizer?.[name];
    return typeof value === 'string' ? value : '';
  };
  const [wrappers, expiresAt] = [text('wrapper_ids'), text('expires_at')];
  return {
    keyId: text('key_id'),
    scopes: wordsOf(text('scopes')),
    ...(wrappers !== ALL_WRAPPERS && { wrapperIds: wordsOf(wrappers) }),
    ...(expiresAt !== '' && { expiresAt: Number(expiresAt) }),
  };
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
