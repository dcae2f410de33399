import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Settings } from '../settings.ts';

const windowSeconds = 300;

/** Whether requests are counted by the address that they come from: off by default, as it costs money while idle. */
export function limitsAddresses({ wafRequestsPer5Minutes }: Settings): boolean {
  return wafRequestsPer5Minutes > 0;
}

/**
 * Stops an address that asks too much before anything runs for it, with a key or without. What it is answered is a
 * gateway response: one of WAF's own would take precedence, and can't name the request.
 */
export function addAddressLimit(stage: Stage, settings: Settings): void {
  const name = `headgate-${settings.stage}`;
  const acl = new CfnWebACL(stage, 'AddressLimit', {
    name,
    description: 'Limits what one address may ask for',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    rules: [
      {
        name: 'requests-by-address',
        priority: 0,
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            limit: settings.wafRequestsPer5Minutes,
            evaluationWindowSec: windowSeconds,
          },
        },
        action: { block: {} },
        visibilityConfig: visibility(`${name}-requests-by-address`),
      },
    ],
    visibilityConfig: visibility(name),
  });
  new CfnWebACLAssociation(stage, 'AddressLimitOfStage', { webAclArn: acl.attrArn, resourceArn: stage.stageArn });
}

/** Counted, but not sampled: samples show headers, and keys travel in them. */
function visibility(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
