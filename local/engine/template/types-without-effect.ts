import { encryption, iam, label, logging } from './resource-kind.ts';

const monitoring = 'metrics go to the logs of functions, where nobody adds them up';
const alarms = 'no alarm goes off here, so there is nothing to tell';

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
  ['AWS::KMS::Key', encryption],
  ['AWS::CloudWatch::Alarm', monitoring],
  ['AWS::CloudWatch::CompositeAlarm', monitoring],
  ['AWS::CloudWatch::Dashboard', monitoring],
  ['AWS::SNS::Topic', alarms],
  ['AWS::SNS::TopicPolicy', iam],
  ['AWS::SNS::Subscription', alarms],
  ['AWS::CDK::Metadata', label],
]);
