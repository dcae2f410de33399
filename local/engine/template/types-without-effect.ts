import { iam, label, logging } from './resource-kind.ts';

/** Resource types that are deployed but make no difference to a local run, each with the reason. */
export const typesWithoutEffect: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::Role', iam],
  ['AWS::IAM::Policy', iam],
  ['AWS::IAM::ManagedPolicy', iam],
  ['AWS::Lambda::Permission', iam],
  ['AWS::S3::BucketPolicy', iam],
  ['AWS::SQS::QueuePolicy', iam],
  ['AWS::Logs::LogGroup', logging],
  ['AWS::ApiGateway::Account', logging],
  ['AWS::ApiGateway::Deployment', 'there is one deployment, of everything in the template'],
  ['AWS::CDK::Metadata', label],
]);
