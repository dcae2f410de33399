import { describe, expect, test } from '@jest/globals';
import type { Reference } from './properties.ts';
import { type Resource, synthesize } from './synthesize.ts';

const leftOut = ['wa-mountain-passes', 'or-trip-check'];
const { service } = synthesize({ stage: 'prod', pollConcurrency: 25 }, { leftOut });
const consumer = only('AWS::Lambda::EventSourceMapping');
const polls = resource(consumer.EventSourceArn['Fn::GetAtt'][0]);
const deadLetters = resource(polls.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]);
const poller = functionNamed('poll-feeds');

describe('the queue of polls', () => {
  test('is worked off by the poller, ten at a time, by as many at once as the settings say', () => {
    expect(service.resources[logicalIdOf(consumer.FunctionName)]?.Properties).toBe(poller);
    expect(consumer).toMatchObject({
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 25 },
    });
  });

  test('keeps a message from everyone else for six times as long as a call may take, and for the gathering', () => {
    expect([poller.Timeout, polls.VisibilityTimeout]).toEqual([150, 905]);
  });

  test('gives up a message after five times, and keeps it where it can be looked at for longer than the queue does', () => {
    expect(polls.RedrivePolicy.maxReceiveCount).toBe(5);
    expect([polls.MessageRetentionPeriod, deadLetters.MessageRetentionPeriod]).toEqual([345_600, 1_209_600]);
  });

  test('is the one that the dispatcher is told', () => {
    const dispatcher = functionNamed('dispatch-polls');
    expect(dispatcher.Environment.Variables.POLL_QUEUE_URL).toEqual({ Ref: consumer.EventSourceArn['Fn::GetAtt'][0] });
  });
});

test('every queue is encrypted and speaks TLS only', () => {
  const policies = service.ofType('AWS::SQS::QueuePolicy').flatMap(({ Properties }) => Properties);
  for (const [logicalId, { Type, Properties }] of Object.entries(service.resources)) {
    if (Type !== 'AWS::SQS::Queue') continue;
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    const policy = policies.find(({ Queues }) => Queues.some((queue) => queue.Ref === logicalId));
    expect(policy?.PolicyDocument?.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  }
});

test('the dispatcher and the reconciler are called each minute, and a call that fails for good is kept', () => {
  const schedules = service.ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties);
  const called = schedules.map(({ Target }) => resource(Target.Arn['Fn::GetAtt'][0]).FunctionName);
  expect(called.sort()).toEqual(['headgate-prod-dispatch-polls', 'headgate-prod-reconcile-runs']);
  for (const { ScheduleExpression, State, Target } of schedules) {
    expect([ScheduleExpression, State]).toEqual(['rate(1 minute)', 'ENABLED']);
    expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 1 });
    expect(resource(Target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).MessageRetentionPeriod).toBe(1_209_600);
  }
});

test('the dispatcher ends before it is called again', () => {
  expect(functionNamed('dispatch-polls').Timeout).toBeLessThan(60);
});

test('feeds that want a key are named where outputs are read, and only if there are any', () => {
  expect(service.outputs).toContain('AdaptersLeftOut');
  expect(synthesize({ stage: 'prod' }).service.outputs).not.toContain('AdaptersLeftOut');
});

/** The construct refers to the function by its name, which CloudFormation calls `Ref`. */
function logicalIdOf(reference: unknown): string {
  return (reference as Reference).Ref;
}

function only(type: string): Resource['Properties'] {
  const [first, ...others] = service.ofType(type);
  if (!first || others.length > 0) throw new Error(`not exactly one ${type}`);
  return first.Properties;
}

function resource(logicalId: string): Resource['Properties'] {
  const found = service.resources[logicalId];
  if (!found) throw new Error(`no resource ${logicalId}`);
  return found.Properties;
}

function functionNamed(name: string): Resource['Properties'] {
  const functions = service.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
  const found = functions.find(({ FunctionName }) => FunctionName === `headgate-prod-${name}`);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}
