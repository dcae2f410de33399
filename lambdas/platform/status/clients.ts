import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** A second attempt still fits into the second that a check has, so that a connection that was lost while idle is none. */
const quick = { maxAttempts: 2 };

/** Of whoever looks at the system: whatever they ask is cut off by its signal. */
export const dynamo = new DynamoDBClient(quick);
export const documents = DynamoDBDocumentClient.from(dynamo);
export const sqs = new SQSClient({ ...quick, useQueueUrlAsEndpoint: false });
export const stepFunctions = new SFNClient(quick);
export const scheduler = new SchedulerClient(quick);
export const s3 = new S3Client(quick);
