import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

/**
 * Where alarms are told. Its key is one of its own, for with that of AWS's own making CloudWatch may not publish to an
 * encrypted topic.
 */
export function alarmTopic(scope: Construct, settings: Settings): Topic {
  const key = new Key(scope, 'TopicKey', {
    description: `Of the alarms of headgate-${settings.stage}`,
    enableKeyRotation: true,
    // It protects nothing that outlives the topic.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({ ...alarmsOf(scope), actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
  );
  const topic = new Topic(scope, 'Topic', {
    topicName: `headgate-${settings.stage}-alarms`,
    displayName: `Headgate ${settings.stage}`,
    masterKey: key,
    enforceSSL: true,
  });
  // With a policy of its own, a topic loses the one that would let its account's alarms in.
  topic.addToResourcePolicy(
    new PolicyStatement({ ...alarmsOf(scope), actions: ['sns:Publish'], resources: [topic.topicArn] }),
  );
  if (settings.alarmEmail !== '') topic.addSubscription(new EmailSubscription(settings.alarmEmail));
  return topic;
}

/** Those of this account, not those of another one that names this topic. */
function alarmsOf(scope: Construct) {
  return {
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  };
}
