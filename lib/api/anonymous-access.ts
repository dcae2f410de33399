import { ApiKey, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Settings } from '../settings.ts';

/**
 * Value of the gateway key that the authorizer names for a request without a key. No secret: nobody can send it, for it
 * is no token, and the gateway takes keys from the authorizer alone. An account may have each value but once.
 */
export function anonymousKey(settings: Settings): string {
  return `headgate-${settings.stage}-anonymous`;
}

/** All who come without a key share one, with a throttle of its own: they can't use up what others are promised. */
export function addAnonymousAccess(api: RestApi, settings: Settings): void {
  const plan = api.addUsagePlan('AnonymousPlan', {
    name: `headgate-${settings.stage}-anonymous`,
    description: 'What all requests without a key may ask for together',
    apiStages: [{ stage: api.deploymentStage }],
    throttle: { rateLimit: settings.anonymousRequestsPerSecond, burstLimit: settings.anonymousBurst },
  });
  const key = new ApiKey(api, 'AnonymousKey', {
    apiKeyName: `headgate-${settings.stage}-anonymous`,
    description: 'Counts requests without a key',
    value: anonymousKey(settings),
  });
  plan.addApiKey(key);
}
