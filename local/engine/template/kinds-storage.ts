import * as z from 'zod';
import { count } from './kinds-compute.ts';
import { encryption, iam, label, resourceKind } from './resource-kind.ts';

const keySchema = z
  .array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);

const table = resourceKind(
  z.strictObject({
    TableName: z.string().optional(),
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: keySchema,
    BillingMode: z.literal('PAY_PER_REQUEST'),
    GlobalSecondaryIndexes: z
      .array(
        z.strictObject({
          IndexName: z.string(),
          KeySchema: keySchema,
          Projection: z.strictObject({
            ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
            NonKeyAttributes: z.array(z.string()).optional(),
          }),
          OnDemandThroughput: z.unknown().optional(),
        }),
      )
      .optional(),
    TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  }),
  {
    Tags: label,
    SSESpecification: encryption,
    DeletionProtectionEnabled: 'nothing here deletes a table',
    PointInTimeRecoverySpecification: 'the data directory is copied, not restored to an instant',
    ContributorInsightsSpecification: 'there are no insights here',
    OnDemandThroughput: 'the local table is not throttled',
  },
);

const bucket = resourceKind(
  z.strictObject({
    BucketName: z.string().optional(),
  }),
  {
    Tags: label,
    BucketEncryption: encryption,
    PublicAccessBlockConfiguration: iam,
    OwnershipControls: iam,
    LifecycleConfiguration: 'local objects stay until the data directory is deleted',
    LoggingConfiguration: 'there are no access logs here',
  },
);

const queue = resourceKind(
  z.strictObject({
    QueueName: z
      .string()
      .regex(/^[\w-]{1,80}$/, 'only standard queues can be run')
      .optional(),
    VisibilityTimeout: count.max(43_200).default(30),
    DelaySeconds: count.max(900).default(0),
    MessageRetentionPeriod: count.min(60).max(1_209_600).default(345_600),
    MaximumMessageSize: count.min(1024).max(1_048_576).default(1_048_576),
    RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: count.min(1) }).optional(),
  }),
  {
    Tags: label,
    SqsManagedSseEnabled: encryption,
    KmsMasterKeyId: encryption,
    RedriveAllowPolicy: iam,
    ReceiveMessageWaitTimeSeconds: 'who receives says how long to wait',
  },
);

export const storageKinds = { 'AWS::DynamoDB::Table': table, 'AWS::S3::Bucket': bucket, 'AWS::SQS::Queue': queue };
