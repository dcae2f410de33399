import { describe, expect, test } from '@jest/globals';
import { loadModel, UnsupportedTemplateError } from '../../../../local/engine/template/load-model.ts';
import { functionResource, writeAssembly } from '../hand-made-assembly.ts';

const role = { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } } };

function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof UnsupportedTemplateError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment of a function', () => {
  const environmentOf = (Variables: object, more: Parameters<typeof writeAssembly>[0] = {}) =>
    loadModel(
      writeAssembly(
        {
          ...more,
          service: {
            Parameters: { Stage: { Default: 'dev' } },
            Resources: { ...role, Fn: functionResource('fn', { Environment: { Variables } }) },
          },
        },
        { fn: 'export const handler = () => {};' },
      ),
    ).functions[0]?.environment;

  test('has every reference resolved', () => {
    expect(
      environmentOf({
        REF: { Ref: 'Stage' },
        OWN_ARN: { 'Fn::GetAtt': ['Fn', 'Arn'] },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        SUB: { 'Fn::Sub': ['${Fn.Arn}/${AWS::Region}/${own}/${!kept}', { own: { Ref: 'Fn' } }] },
        JOIN: { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] },
        SELECT: { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] },
        NUMBER: 3,
        GONE: { Ref: 'AWS::NoValue' },
      }),
    ).toEqual({
      REF: 'dev',
      OWN_ARN: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the escaped one stays
      SUB: 'arn:aws:lambda:us-east-1:000000000000:function:fn/us-east-1/fn/${kept}',
      JOIN: 'a-000000000000',
      SELECT: 'b',
      NUMBER: '3',
    });
  });

  test('sees what another stack exports', () => {
    const state = {
      Resources: {
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            BillingMode: 'PAY_PER_REQUEST',
          },
        },
      },
      Outputs: { Out: { Value: { Ref: 'Table' }, Export: { Name: 'state:Table' } } },
    };
    expect(environmentOf({ TABLE: { 'Fn::ImportValue': 'state:Table' } }, { state })).toEqual({ TABLE: 'state-Table' });
  });
});

describe('a template that cannot be run', () => {
  test('is refused with every problem, by type, logical id and property', () => {
    const service = {
      Resources: {
        Fn: functionResource('fn', { Runtime: 'python3.13', SnapStart: { ApplyOn: 'None' } }),
        Stream: { Type: 'AWS::Kinesis::Stream' },
        Missing: functionResource('missing'),
        Broken: functionResource('fn', { Environment: { Variables: { A: { Ref: 'Nobody' } } } }),
        Maybe: { ...functionResource('fn'), Condition: 'IsProd' },
        Chosen: functionResource('fn', { Timeout: { 'Fn::If': ['IsProd', 1, 2] } }),
        ...role,
      },
    };
    expect(problemsOf(() => loadModel(writeAssembly({ service }, { fn: '' })))).toEqual([
      'AWS::Lambda::Function service/Fn Runtime: only Node.js functions can be run',
      'AWS::Lambda::Function service/Fn Properties: Unrecognized key: "SnapStart"',
      'AWS::Kinesis::Stream service/Stream this resource type cannot be run locally',
      'AWS::Lambda::Function service/Broken Ref Nobody refers to nothing that is known here',
      'AWS::Lambda::Function service/Maybe Condition: this attribute is not supported',
      'AWS::Lambda::Function service/Chosen Fn::If is not supported',
      'AWS::Lambda::Function service/Missing Code.S3Key: no such asset in the assembly',
    ]);
  });

  test('is refused for targets, patterns and schedules that would never fire', () => {
    const service = {
      Resources: {
        ...role,
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            EventPattern: { source: [{ prefix: 'aws.' }] },
            Targets: [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:1:queue' }],
          },
        },
        Tick: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            ScheduleExpression: 'at(2030-01-01T00:00:00)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, RoleArn: 'role' },
          },
        },
        Fn: functionResource('fn'),
      },
    };
    expect(problemsOf(() => loadModel(writeAssembly({ service }, { fn: '' })))).toEqual([
      'AWS::Events::Rule service/Rule Target arn:aws:sqs:us-east-1:1:queue: only functions can be targets',
      'AWS::Events::Rule service/Rule EventPattern.source: only exact values are matched (no prefix, anything-but, numeric, …)',
      'AWS::Scheduler::Schedule service/Tick ScheduleExpression: at(2030-01-01T00:00:00) is not supported',
    ]);
  });

  test('is refused for queues and event sources that would not behave as they do on AWS', () => {
    const queue = (Properties: object) => ({ Type: 'AWS::SQS::Queue', Properties });
    const mapping = (Properties: object) => ({
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Fn' }, EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, ...Properties },
    });
    const service = {
      Resources: {
        ...role,
        Fn: functionResource('fn', { Timeout: 60 }),
        Queue: queue({ VisibilityTimeout: 60 }),
        Ordered: queue({ QueueName: 'ordered.fifo', FifoQueue: true }),
        Lost: queue({ RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:1:gone', maxReceiveCount: 3 } }),
        Short: queue({ VisibilityTimeout: 59 }),
        Filtered: mapping({ FilterCriteria: { Filters: [] } }),
        Large: mapping({ BatchSize: 100, MaximumBatchingWindowInSeconds: 1 }),
        Nowhere: mapping({ EventSourceArn: 'arn:aws:kinesis:us-east-1:1:stream/s' }),
        Nobody: mapping({ FunctionName: 'somebody' }),
        Early: mapping({ EventSourceArn: { 'Fn::GetAtt': ['Short', 'Arn'] } }),
      },
    };
    expect(problemsOf(() => loadModel(writeAssembly({ service }, { fn: '' })))).toEqual([
      'AWS::SQS::Queue service/Ordered QueueName: only standard queues can be run',
      'AWS::SQS::Queue service/Ordered Properties: Unrecognized key: "FifoQueue"',
      'AWS::Lambda::EventSourceMapping service/Filtered Properties: Unrecognized key: "FilterCriteria"',
      'AWS::Lambda::EventSourceMapping service/Large BatchSize: batches of more than 10 are not simulated',
      'AWS::SQS::Queue service/Lost RedrivePolicy: no such queue arn:aws:sqs:us-east-1:1:gone',
      'AWS::Lambda::EventSourceMapping service/Nowhere EventSourceArn arn:aws:kinesis:us-east-1:1:stream/s: only queues of the template can be sources',
      'AWS::Lambda::EventSourceMapping service/Nobody FunctionName somebody: no such function',
      "AWS::Lambda::EventSourceMapping service/Early: the queue's VisibilityTimeout is less than the Timeout of its function",
    ]);
  });
});

test('queues and their consumers are read with their references resolved', () => {
  const service = {
    Resources: {
      ...role,
      Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
      Jobs: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          VisibilityTimeout: 90,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 5 },
        },
      },
      Fn: functionResource('fn', { Environment: { Variables: { URL: { Ref: 'Jobs' } } } }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Fn' },
          EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] },
          MaximumBatchingWindowInSeconds: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 7 },
        },
      },
    },
  };
  const { queues, eventSources, functions } = loadModel(writeAssembly({ service }, { fn: '' }));
  const url = 'https://sqs.us-east-1.amazonaws.com/000000000000/service-Jobs';
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:service-${name}`;
  expect(functions[0]?.environment).toEqual({ URL: url });
  expect(queues).toMatchObject([
    { arn: arn('Dead'), visibilitySeconds: 30, retentionSeconds: 1_209_600, redrive: undefined },
    { url, arn: arn('Jobs'), visibilitySeconds: 90, redrive: { deadLetterArn: arn('Dead'), maxReceiveCount: 5 } },
  ]);
  expect(eventSources).toEqual([
    {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
      queueUrl: url,
      queueArn: arn('Jobs'),
      batchSize: 10,
      windowSeconds: 5,
      partialResponses: true,
      maximumConcurrency: 7,
    },
  ]);
});
