import { describe, expect, test } from '@jest/globals';
import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { synthesize } from './synthesize.ts';

const validate = true;

describe('by the AwsSolutions rules and the rules of the CDK itself', () => {
  test.each(['dev', 'prod', 'local'])('stage %s has neither errors nor warnings', (stage) => {
    expect(synthesize({ stage }, { validate }).warnings).toEqual([]);
  });

  test('nor has one with buckets to read from and write to, and a limit for addresses', () => {
    const buckets = { readBuckets: 'landing,archive', writeBuckets: 'archive' };
    const context = { stage: 'prod', ...buckets, wafRequestsPer5Minutes: 2000 };
    expect(synthesize(context, { validate }).warnings).toEqual([]);
  });
});

describe('the rules see', () => {
  test('a bucket that is open to plain HTTP, and fail the synthesis', () => {
    const extend = (app: App) => new CfnBucket(new Stack(app, 'other'), 'Bucket');
    expect(() => synthesize({ stage: 'dev' }, { extend })).toThrow('AwsSolutions-S10');
  });

  test('a property that CloudFormation would refuse', () => {
    const properties = { Tags: 'none' };
    const extend = (app: App) =>
      new CfnResource(new Stack(app, 'other'), 'Topic', { type: 'AWS::SNS::Subscription', properties });
    expect(() => synthesize({ stage: 'dev' }, { validate, extend })).toThrow('Topic');
  });
});
