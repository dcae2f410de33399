import { describe, expect, test } from '@jest/globals';
import { anchorsOf, documents, textOf } from '../docs/documents.ts';
import type { AlarmProperties, Attribute, Reference } from './properties.ts';
import { type Resource, synthesize } from './synthesize.ts';

const { service } = synthesize({ stage: 'prod', alarmEmail: 'ops@example.com' });
const alarms = service.ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
const topic = only('AWS::SNS::Topic');
const fromCloudWatch = expect.objectContaining({
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
});

describe('each alarm', () => {
  test.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
    '%s says what it means and what to do',
    (_, alarm) => {
      const [, impact = '', anchor = ''] =
        /^(.+\.) What to do: docs\/runbook\.md#(\S+)$/.exec(alarm.AlarmDescription) ?? [];
      expect(impact.length).toBeGreaterThan(40);
      expect(anchorsOf(runbook())).toContain(anchor);
    },
  );

  test('tells the topic, when it goes off and when it is over', () => {
    for (const { AlarmActions, OKActions } of alarms) {
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: topicId() }], [{ Ref: topicId() }]]);
    }
  });

  test('is part of the one that is all of them', () => {
    const [, parts] = only('AWS::CloudWatch::CompositeAlarm').AlarmRule['Fn::Join'];
    const named = parts.flatMap((part) => (typeof part === 'object' ? [(part as Attribute)['Fn::GetAtt'][0]] : []));
    expect(named.map((logicalId) => service.resources[logicalId]?.Properties)).toEqual(alarms);
  });
});

describe('the runbook', () => {
  test('has no section of alarms that none leads to', () => {
    const chapter =
      runbook()
        .prose.split(/^(?=## )/m)
        .find((text) => text.startsWith('## Alarms')) ?? '';
    const [, ...sections] = anchorsOf({ file: '', prose: chapter });
    const led = alarms.map(({ AlarmDescription }) => AlarmDescription.split('#')[1]);
    expect(sections.length).toBeGreaterThan(5);
    expect(sections.filter((section) => !led.includes(section))).toEqual([]);
  });

  test('names each alarm', () => {
    const unnamed = alarms.filter(
      ({ AlarmName }) => !runbook().prose.includes(`\`${AlarmName.replace('headgate-prod-', '')}\``),
    );
    expect(unnamed).toEqual([]);
  });
});

describe('what AWS measures', () => {
  test('every dead-letter queue has an alarm that one message sets off', () => {
    const dead = Object.keys(service.resources).filter((logicalId) => isDeadLetters(logicalId));
    const watched = measured('AWS/SQS', 'ApproximateNumberOfMessagesVisible');
    expect(dead).toHaveLength(3);
    expect(watched.map(queueOf).sort()).toEqual(dead.sort());
    for (const { Threshold, Statistic } of watched) expect([Threshold, Statistic]).toEqual([1, 'Maximum']);
  });

  test('polls that wait, longer than one that failed and comes back', () => {
    const [waiting] = measured('AWS/SQS', 'ApproximateAgeOfOldestMessage');
    const queue = service.resources[waiting ? queueOf(waiting) : '']?.Properties;
    expect(queue?.VisibilityTimeout).toBeLessThan(waiting?.Threshold ?? 0);
  });

  test('executions of the machine that carries the runs', () => {
    for (const name of ['ExecutionsFailed', 'ExecutionsTimedOut']) {
      const [alarm] = measured('AWS/States', name);
      expect(alarm?.Dimensions).toEqual([
        { Name: 'StateMachineArn', Value: { Ref: logicalId('AWS::StepFunctions::StateMachine') } },
      ]);
    }
  });

  test('answers of the stage of the API, which counts them by name', () => {
    const [alarm] = measured('AWS/ApiGateway', '5XXError');
    expect(alarm?.Dimensions).toEqual([
      { Name: 'ApiName', Value: 'headgate-prod' },
      { Name: 'Stage', Value: { Ref: logicalId('AWS::ApiGateway::Stage') } },
    ]);
  });
});

describe('the topic', () => {
  test('is encrypted by a key that alarms of this account may use, and changes each year', () => {
    const key = only('AWS::KMS::Key');
    expect(topic.KmsMasterKeyId['Fn::GetAtt'][0]).toBe(logicalId('AWS::KMS::Key'));
    expect(key.EnableKeyRotation).toBe(true);
    expect(key.KeyPolicy.Statement).toContainEqual(fromCloudWatch);
  });

  test('takes alarms of this account, and nothing without TLS', () => {
    const { Statement = [] } = only('AWS::SNS::TopicPolicy').PolicyDocument ?? {};
    expect(Statement).toContainEqual(fromCloudWatch);
    expect(Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
    expect(Statement).toHaveLength(2);
  });

  test('mails whom the settings name, and nobody by itself', () => {
    expect(only('AWS::SNS::Subscription')).toMatchObject({ Protocol: 'email', Endpoint: 'ops@example.com' });
    expect(synthesize({ stage: 'prod' }).service.ofType('AWS::SNS::Subscription')).toEqual([]);
  });
});

test('the dashboard shows all alarms', () => {
  const body = JSON.stringify(only('AWS::CloudWatch::Dashboard').DashboardBody);
  const shown = Object.keys(service.resources).filter((id) => body.includes(`"${id}","Arn"`) && id.includes('Alarms'));
  expect(shown).toHaveLength(alarms.length + 1);
});

test('docs/how-to/deploy.md counts what is paid for', () => {
  expect(textOf('docs/how-to/deploy.md')).toContain(`| ${alarms.length} alarms, 0.10 USD each`);
});

test('without monitoring there is nothing to pay for: neither alarms nor metrics', () => {
  const { service: dev } = synthesize({ stage: 'dev' });
  const types = Object.values(dev.resources).map(({ Type }) => Type);
  expect(types.filter((type) => /^AWS::(CloudWatch|SNS|KMS)::/.test(type))).toEqual([]);
  expect(disabled(dev)).toEqual(['true']);
  expect(disabled(service)).toEqual(['false']);
});

function disabled(stack: typeof service): unknown[] {
  const functions = stack.ofType('AWS::Lambda::Function');
  return [...new Set(functions.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_METRICS_DISABLED))];
}

function runbook() {
  const found = documents().find(({ file }) => file === 'docs/runbook.md');
  if (!found) throw new Error('no runbook');
  return found;
}

function measured(namespace: string, name: string): AlarmProperties[] {
  return alarms.filter(({ Namespace, MetricName }) => Namespace === namespace && MetricName === name);
}

function queueOf({ Dimensions }: AlarmProperties): string {
  const [queue] = Dimensions.map(({ Value }) => (Value as Attribute)['Fn::GetAtt'][0]);
  return String(queue);
}

/** One that nothing reads: no function is called with its messages. */
function isDeadLetters(id: string): boolean {
  const readers = service.ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => Properties.EventSourceArn);
  return service.resources[id]?.Type === 'AWS::SQS::Queue' && !readers.some((arn) => arn['Fn::GetAtt'][0] === id);
}

function logicalId(type: string): string {
  const [id, ...others] = Object.keys(service.resources).filter((key) => service.resources[key]?.Type === type);
  if (!id || others.length > 0) throw new Error(`not exactly one ${type}`);
  return id;
}

function topicId(): Reference['Ref'] {
  return logicalId('AWS::SNS::Topic');
}

function only(type: string): Resource['Properties'] {
  const found = service.resources[logicalId(type)];
  if (!found) throw new Error(`no ${type}`);
  return found.Properties;
}
