import * as z from 'zod';
import { encryption, iam, label, logging, resourceKind, tracing } from './resource-kind.ts';

export const count = z.coerce.number().int().nonnegative();

const lambdaFunction = resourceKind(
  z.strictObject({
    FunctionName: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string().regex(/^[\w./-]+\.\w+$/),
    Runtime: z.string().regex(/^nodejs2[0-9]\.x$/, 'only Node.js functions can be run'),
    MemorySize: count.default(128),
    Timeout: count.default(3),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
    ReservedConcurrentExecutions: count.optional(),
    PackageType: z.literal('Zip').optional(),
  }),
  {
    Role: iam,
    Description: label,
    Tags: label,
    LoggingConfig: logging,
    TracingConfig: tracing,
    KmsKeyArn: encryption,
    Architectures: 'the bundles are JavaScript, which runs the same on both',
  },
);

const eventInvokeConfig = resourceKind(
  z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumRetryAttempts: count.max(2).default(2),
    MaximumEventAgeInSeconds: count.default(21_600),
  }),
);

const eventSourceMapping = resourceKind(
  z.strictObject({
    FunctionName: z.string(),
    EventSourceArn: z.string(),
    BatchSize: count.min(1).max(10, 'batches of more than 10 are not simulated').default(10),
    MaximumBatchingWindowInSeconds: count.max(300).default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).max(1).default([]),
    // Without one, as many as Lambda begins with.
    ScalingConfig: z.strictObject({ MaximumConcurrency: count.min(2).max(1000) }).default({ MaximumConcurrency: 5 }),
    Enabled: z.boolean().default(true),
  }),
  { Tags: label, KmsKeyArn: encryption },
);

const stateMachine = resourceKind(
  z.strictObject({
    StateMachineName: z.string().optional(),
    StateMachineType: z.literal('STANDARD').default('STANDARD'),
    DefinitionString: z.string(),
  }),
  {
    RoleArn: iam,
    LoggingConfiguration: logging,
    TracingConfiguration: tracing,
    EncryptionConfiguration: encryption,
    Tags: label,
  },
);

/**
 * How often delivery to the target is tried, and where an event goes that could not be delivered. Delivery to a local
 * function does not fail; a function that fails is asynchronous invocation's business.
 */
const delivery = { RetryPolicy: z.unknown().optional(), DeadLetterConfig: z.unknown().optional() };

const rule = resourceKind(
  z.strictObject({
    Name: z.string().optional(),
    EventPattern: z.record(z.string(), z.json()).optional(),
    ScheduleExpression: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(
      z.strictObject({
        Arn: z.string(),
        Id: z.string(),
        Input: z.string().optional(),
        ...delivery,
      }),
    ),
  }),
  { Description: label, Tags: label, RoleArn: iam },
);

const schedule = resourceKind(
  z.strictObject({
    Name: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    FlexibleTimeWindow: z.strictObject({ Mode: z.literal('OFF') }),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      ...delivery,
    }),
  }),
  { Description: label, KmsKeyArn: encryption },
);

export const computeKinds = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'AWS::Events::Rule': rule,
  'AWS::Scheduler::Schedule': schedule,
};
