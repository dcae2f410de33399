import { createHash } from 'node:crypto';

/** The account and region that a stack without an environment of its own gets here. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

/** What `Ref` and `Fn::GetAtt` give for a resource, once it has a physical name. */
export type Identity = {
  readonly name: string;
  readonly arn: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

type Naming = { readonly nameProperty?: string; identify(name: string): Omit<Identity, 'name'> };

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** Ref is the name, and the ARN an attribute: most types. */
function named(
  nameProperty: string,
  arnOf: (name: string) => string,
  more: (name: string) => Record<string, string> = () => ({}),
): Naming {
  return {
    nameProperty,
    identify: (name) => ({ arn: arnOf(name), ref: name, attributes: { Arn: arnOf(name), ...more(name) } }),
  };
}

/** Types with an opaque id that only other resources of the same template mention. */
function opaque(attributes: (id: string) => Record<string, string> = () => ({})): Naming {
  return {
    identify: (name) => {
      const id = shortId(name);
      return { arn: arn('apigateway', id), ref: id, attributes: attributes(id) };
    },
  };
}

const namings: Record<string, Naming> = {
  'AWS::Lambda::Function': named('FunctionName', (name) => arn('lambda', `function:${name}`)),
  'AWS::DynamoDB::Table': named('TableName', (name) => arn('dynamodb', `table/${name}`)),
  'AWS::S3::Bucket': named(
    'BucketName',
    (name) => `arn:aws:s3:::${name}`,
    (name) => ({ DomainName: `${name}.s3.amazonaws.com` }),
  ),
  'AWS::StepFunctions::StateMachine': {
    nameProperty: 'StateMachineName',
    identify: (name) => {
      const own = arn('states', `stateMachine:${name}`);
      return { arn: own, ref: own, attributes: { Arn: own, Name: name } };
    },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    identify: (name) => ({
      arn: arn('sqs', name),
      ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${name}`,
      attributes: { Arn: arn('sqs', name), QueueName: name },
    }),
  },
  'AWS::Events::Rule': named('Name', (name) => arn('events', `rule/${name}`)),
  'AWS::Scheduler::Schedule': named('Name', (name) => arn('scheduler', `schedule/default/${name}`)),
  'AWS::Logs::LogGroup': named('LogGroupName', (name) => arn('logs', `log-group:${name}:*`)),
  'AWS::IAM::Role': named(
    'RoleName',
    (name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
    () => ({ RoleId: 'AROALOCAL' }),
  ),
  'AWS::ApiGateway::Stage': named('StageName', (name) => arn('apigateway', `/stages/${name}`)),
  'AWS::ApiGateway::RestApi': opaque((id) => ({ RestApiId: id, RootResourceId: `${id}-root` })),
  'AWS::ApiGateway::Authorizer': opaque((id) => ({ AuthorizerId: id })),
  'AWS::ApiGateway::UsagePlan': opaque((id) => ({ Id: id })),
  'AWS::ApiGateway::ApiKey': opaque((id) => ({ APIKeyId: id })),
  'AWS::ApiGateway::Deployment': opaque((id) => ({ DeploymentId: id })),
};

/** The name property of a type, where its template may give the physical name. */
export function namePropertyOf(type: string): string | undefined {
  return namings[type]?.nameProperty;
}

/**
 * The identity of a resource. Names are derived from stack and logical id, so that they, and with them the stored
 * data, stay the same from one boot to the next.
 */
export function identify(type: string, stack: string, logicalId: string, givenName: string | undefined): Identity {
  const derived = `${stack}-${logicalId}`;
  const name = givenName ?? (type === 'AWS::S3::Bucket' ? bucketName(derived) : derived);
  return { name, ...(namings[type] ?? opaque()).identify(name) };
}

/** Bucket names are lower case and at most 63 characters. */
function bucketName(derived: string): string {
  const lower = derived.toLowerCase();
  return lower.length <= 63 ? lower : `${lower.slice(0, 52)}-${shortId(derived)}`;
}

function shortId(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 10);
}
