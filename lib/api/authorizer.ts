import { Duration } from 'aws-cdk-lib';
import { CfnAuthorizer, RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { mayGetItems, mayUpdateItems } from '../constructs/permissions.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { ServiceContext } from '../service-context.ts';
import { anonymousKey } from './anonymous-access.ts';

/**
 * Asked for every request. A key may come in either of two headers: with an identity source the gateway would refuse
 * the request that lacks one of them, and a cache needs one. The authorizer remembers keys itself.
 */
export function keyAuthorizer(
  scope: Construct,
  { settings, code, state, heartbeats }: ServiceContext,
): RequestAuthorizer {
  const authorizeRequest = new ServiceFunction(scope, 'AuthorizeRequest', {
    name: 'authorizeRequest',
    purpose: 'Tells whose API key a request carries',
    environment: { KEYS_TABLE: state.keys.tableName, ANONYMOUS_KEY: anonymousKey(settings) },
    timeoutSeconds: 5,
    memoryMegabytes: 512,
    settings,
    code,
    heartbeats,
  });
  mayGetItems(authorizeRequest, state.keys);
  // When a key was last used.
  mayUpdateItems(authorizeRequest, state.keys);
  const authorizer = new RequestAuthorizer(scope, 'Authorizer', {
    handler: authorizeRequest.function,
    identitySources: [],
    resultsCacheTtl: Duration.seconds(0),
  });
  // No sources become an empty text, which the gateway's own API refuses; absent is what it means.
  const resource = authorizer.node.defaultChild;
  if (resource instanceof CfnAuthorizer) resource.addPropertyDeletionOverride('IdentitySource');
  return authorizer;
}
