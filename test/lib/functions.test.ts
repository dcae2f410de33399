import { describe, expect, test } from '@jest/globals';
import { environments, type FunctionName, type VariablesOf } from '../../lambdas/contracts/environments.ts';
import { kebabCase } from '../../lib/constructs/kebab-case.ts';
import type { Statement } from './properties.ts';
import { type Resource, synthesize } from './synthesize.ts';

const { service } = synthesize({
  stage: 'prod',
  readBuckets: 'landing',
  writeBuckets: 'archive',
  writeQueues: 'https://sqs.eu-west-1.amazonaws.com/123456789012/points.fifo',
  writeBuses: 'points',
  adapterSecrets: 'wa-mountain-passes=wsdot',
});
const names = Object.keys(environments) as FunctionName[];

describe.each(names)('%s', (name) => {
  const deployed = functionNamed(name);

  test('runs on Node 24, on the cheaper processor, with mapped stacks and a name in its logs', () => {
    expect(deployed).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
    expect(deployed.Environment.Variables).toMatchObject({
      NODE_OPTIONS: expect.stringContaining('--enable-source-maps'),
      POWERTOOLS_SERVICE_NAME: kebabCase(name),
      POWERTOOLS_LOG_LEVEL: 'INFO',
      DEPLOYMENT: 'headgate-prod',
    });
  });

  test('is given exactly the variables that it reads', () => {
    const own = (variables: object) =>
      Object.keys(variables)
        .filter((key) => !/^(DEPLOYMENT$|HEARTBEATS_TABLE$|NODE_OPTIONS|POWERTOOLS_)/.test(key))
        .sort();
    expect(own(deployed.Environment.Variables)).toEqual(own(environments[name].shape));
  });

  test('writes to a log group of its own that forgets after a while', () => {
    const group = resource(deployed.LoggingConfig.LogGroup.Ref).Properties;
    expect(group).toMatchObject({ LogGroupName: `/aws/lambda/headgate-prod-${kebabCase(name)}`, RetentionInDays: 90 });
  });

  test('has a role of its own, without policies of AWS', () => {
    const role = roleOf(name);
    expect(role).not.toHaveProperty('ManagedPolicyArns');
    const sharing = service
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties.Role === deployed.Role);
    expect(sharing).toHaveLength(1);
  });
});

describe('O-6: heartbeats', () => {
  const silent: readonly FunctionName[] = [
    'getWrapperHealth',
    'getWrapperMonitoring',
    'getFeedHealth',
    'getAdapterHealth',
    'getSystemHealth',
    'getReadiness',
  ];
  const heartbeatsTable = { Ref: expect.stringMatching(/^Heartbeats/) };
  const onHeartbeats = (name: FunctionName) => grantsOf(name, isHeartbeats).flatMap(({ Action }) => Action);

  test.each(names.filter((name) => !silent.includes(name)))('%s may put its own, and is told where', (name) => {
    expect(onHeartbeats(name)).toContain('dynamodb:PutItem');
    expect(functionNamed(name).Environment.Variables.HEARTBEATS_TABLE).toEqual(heartbeatsTable);
  });

  test.each(silent)('%s, which writes nothing, may not', (name) => {
    expect(onHeartbeats(name)).not.toContain('dynamodb:PutItem');
  });

  test('those that tell how the system is may read them, and nobody else', () => {
    const readers = names.filter((name) => onHeartbeats(name).some((action) => action !== 'dynamodb:PutItem'));
    expect(readers).toEqual(['getReadiness', 'getSystemStatus']);
    expect(functionNamed('getReadiness').Environment.Variables.HEARTBEATS_TABLE).toEqual(heartbeatsTable);
  });
});

test('a variable left out does not even compile', () => {
  // @ts-expect-error UPLOAD_LIMIT_BYTES is missing
  const variables: VariablesOf<'createUpload'> = { FILES_BUCKET: 'files' };
  expect(Object.keys(variables)).not.toEqual(Object.keys(environments.createUpload.shape));
});

describe('permissions', () => {
  // What each does with the tables; that it does all of it, and nothing else, test/e2e/least-privilege.test.ts tells.
  test.each<[FunctionName, string[]]>([
    ['authorizeRequest', ['GetItem', 'UpdateItem']],
    ['createWrapper', ['PutItem']],
    ['listWrappers', ['GetItem', 'Query']],
    ['getWrapper', ['GetItem', 'Query']],
    ['updateWrapper', ['DeleteItem', 'GetItem', 'PutItem', 'Query']],
    ['deleteWrapper', ['GetItem', 'PutItem']],
    ['previewWrapper', ['GetItem']],
    ['executeWrapper', ['GetItem', 'PutItem', 'UpdateItem']],
    ['stopWrapper', ['GetItem', 'PutItem']],
    ['getWrapperHealth', ['GetItem']],
    ['getWrapperMonitoring', ['GetItem']],
    ['listExecutions', ['GetItem', 'Query']],
    ['getExecution', ['GetItem']],
    ['listQuarantine', ['GetItem', 'Query']],
    ['redriveQuarantine', ['GetItem', 'PutItem']],
    ['listLogs', ['GetItem', 'Query']],
    ['getCheckpoint', ['GetItem']],
    ['listCheckpoints', ['GetItem', 'Query']],
    ['setCheckpoint', ['GetItem', 'PutItem']],
    ['deleteCheckpoint', ['GetItem', 'PutItem']],
    ['runSlice', ['BatchWriteItem', 'GetItem', 'PutItem', 'Query']],
    ['handOverRun', ['GetItem', 'PutItem']],
    ['recordCrash', ['GetItem', 'PutItem']],
    ['reconcileRuns', ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query']],
    ['dispatchPolls', ['GetItem', 'PutItem', 'Query']],
    ['pollFeeds', ['GetItem', 'PutItem', 'Query', 'UpdateItem']],
    ['getFeedHealth', ['Query']],
    ['getAdapterHealth', ['GetItem']],
    ['listRecords', ['Query']],
    ['createKey', ['DeleteItem', 'PutItem', 'Scan']],
    ['listKeys', ['Scan']],
    ['revokeKey', ['GetItem', 'UpdateItem']],
    ['rotateKey', ['GetItem', 'UpdateItem']],
    ['getSystemHealth', []],
    ['getReadiness', ['GetItem']],
    ['getSystemStatus', ['GetItem', 'Query', 'Scan']],
  ])('%s does %j', (name, actions) => {
    const allowed = actions.map((action) => `dynamodb:${action}`);
    expect([...new Set(actionsOf(name, 'dynamodb:'))]).toEqual(allowed);
  });

  test('feeds and their records are written where they are polled, and read where they are shown', () => {
    const tables = (name: FunctionName, action: string) => resourcesOf(name, `dynamodb:${action}`).map(tableIn);
    expect(tables('dispatchPolls', 'PutItem')).toEqual(['Feeds']);
    expect(tables('pollFeeds', 'PutItem')).toEqual(['Feeds', 'Records']);
    expect(tables('pollFeeds', 'GetItem')).toEqual(['Feeds']);
    expect(tables('pollFeeds', 'Query')).toEqual(['Records']);
    expect(tables('pollFeeds', 'UpdateItem')).toEqual(['Records']);
    expect(tables('listRecords', 'Query')).toEqual(['Feeds', 'Records']);
    expect(tables('getFeedHealth', 'Query')).toEqual(['Feeds']);
    expect(tables('getAdapterHealth', 'GetItem')).toEqual(['Feeds']);
  });

  test('health can do nothing but read one item', () => {
    expect(actionsOf('getWrapperHealth', '')).toEqual(['dynamodb:GetItem', ...ownLog]);
  });

  test('who tells how the system is can look at all of it, and do nothing', () => {
    const looks = [
      'dynamodb:GetItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:ListBucket',
      'scheduler:GetSchedule',
      'sqs:GetQueueAttributes',
      'states:DescribeStateMachine',
    ];
    expect(actionsOf('getSystemHealth', '')).toEqual(ownLog);
    const counts = ['dynamodb:Query', 'dynamodb:Scan'];
    for (const name of ['getReadiness', 'getSystemStatus'] as const) {
      const more = name === 'getSystemStatus' ? counts : [];
      expect([...new Set(actionsOf(name, ''))]).toEqual([...looks, ...more].sort());
      expect(resourcesOf(name, 'dynamodb:GetItem').map(tableIn)).toEqual(['Feeds', 'Keys', 'Records', 'Wrappers']);
      expect(resourcesOf(name, 'scheduler:GetSchedule')).toEqual([
        expect.stringContaining('PollingTickSchedule'),
        expect.stringContaining('ReconcilerTickSchedule'),
      ]);
      expect(resourcesOf(name, 'sqs:GetQueueAttributes')).toEqual([
        expect.stringContaining('PollsDeadLetters'),
        expect.stringContaining('PollsQueue'),
      ]);
    }
    expect(namesThatMay('scheduler:')).toEqual(['getReadiness', 'getSystemStatus']);
  });

  test('an index is read by the one function that needs it, and by the one that counts', () => {
    const readers = (index: string) =>
      names.filter((name) => resourcesOf(name, 'dynamodb:Query').some((arn) => arn.includes(`/index/${index}`)));
    expect([readers('running'), readers('listed')]).toEqual([
      ['reconcileRuns', 'getSystemStatus'],
      ['listWrappers', 'getSystemStatus'],
    ]);
  });

  test('only those that begin runs may start executions', () => {
    expect(namesThatMay('states:StartExecution')).toEqual([
      'executeWrapper',
      'handOverRun',
      'reconcileRuns',
      'redriveQuarantine',
    ]);
  });

  test('only those that end runs may stop executions', () => {
    expect(namesThatMay('states:StopExecution')).toEqual([
      'deleteWrapper',
      'handOverRun',
      'reconcileRuns',
      'stopWrapper',
      'updateWrapper',
    ]);
  });

  test('a slice can neither start nor stop a run', () => {
    expect(actionsOf('runSlice', 'states:')).toEqual([]);
  });

  test('a slice reads uploads and the buckets it is given, and writes to those alone that are for writing', () => {
    const uploads = expect.stringMatching(/Files.*\/uploads\/\*/);
    const files = expect.stringMatching(/Files\w+"\}$/);
    expect(resourcesOf('runSlice', 's3:GetObject')).toEqual(['"arn:aws:s3:::landing/*"', uploads]);
    expect(resourcesOf('runSlice', 's3:ListBucket')).toEqual(['"arn:aws:s3:::landing"', files]);
    expect(resourcesOf('runSlice', 's3:PutObject')).toEqual(['"arn:aws:s3:::archive/*"']);
    expect(actionsOf('runSlice', 's3:')).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
  });

  test('a preview reads the same files, and writes and sends nothing', () => {
    for (const name of ['previewDefinition', 'previewWrapper'] as const) {
      expect(actionsOf(name, 's3:')).toEqual(['s3:GetObject', 's3:ListBucket']);
      expect(resourcesOf(name, 's3:GetObject')).toEqual(resourcesOf('runSlice', 's3:GetObject'));
    }
    expect(actionsOf('previewDefinition', 'dynamodb:')).toEqual([]);
    expect(actionsOf('previewWrapper', 'dynamodb:')).toEqual(['dynamodb:GetItem']);
  });

  test('a wrapper is inferred from uploads alone', () => {
    expect(actionsOf('inferWrapper', '')).toEqual([...ownLog, 's3:GetObject', 's3:ListBucket']);
    expect(resourcesOf('inferWrapper', 's3:GetObject')).toEqual([expect.stringMatching(/Files.*\/uploads\/\*/)]);
  });

  test('an upload can be put under uploads/ only', () => {
    expect(resourcesOf('createUpload', 's3:PutObject')).toEqual([expect.stringMatching(/Files.*\/uploads\/\*/)]);
    expect(namesThatMay('s3:PutObject')).toEqual(['createUpload', 'runSlice']);
  });

  test('a slice sends messages and events to the queues and buses that it is given, the dispatcher to the poller', () => {
    expect(namesThatMay('sqs:SendMessage')).toEqual(['dispatchPolls', 'runSlice']);
    expect(namesThatMay('events:')).toEqual(['runSlice']);
    expect(actionsOf('runSlice', 'sqs:')).toEqual(['sqs:SendMessage']);
    expect(resourcesOf('dispatchPolls', 'sqs:SendMessage')).toEqual(resourcesOf('pollFeeds', 'sqs:ReceiveMessage'));
    expect(actionsOf('runSlice', 'events:')).toEqual(['events:PutEvents']);
    expect(resourcesOf('runSlice', 'sqs:SendMessage')).toEqual([
      expect.stringContaining(':sqs:eu-west-1:123456789012:points.fifo'),
    ]);
    expect(resourcesOf('runSlice', 'events:PutEvents')).toEqual([expect.stringContaining(':event-bus/points"')]);
  });

  test('the dispatcher looks into the dead letters of polls and of its own calls, and takes none', () => {
    expect([...new Set(actionsOf('dispatchPolls', 'sqs:'))]).toEqual(['sqs:GetQueueAttributes', 'sqs:SendMessage']);
    expect(resourcesOf('dispatchPolls', 'sqs:GetQueueAttributes')).toEqual([
      expect.stringContaining('MissedTicks'),
      expect.stringContaining('PollsDeadLetters'),
    ]);
  });

  test('the poller alone takes messages, from its own queue, and sends none', () => {
    expect(namesThatMay('sqs:ReceiveMessage')).toEqual(['pollFeeds']);
    expect(actionsOf('pollFeeds', 'sqs:')).toEqual([
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ]);
  });

  test('the poller reads the secrets that the settings name for its feeds', () => {
    expect(resourcesOf('pollFeeds', 'secretsmanager:GetSecretValue')).toEqual([
      expect.stringContaining(':secret:headgate/prod/wsdot-??????'),
    ]);
  });

  test('previews and slices read secrets, those of their own stage', () => {
    const readers = ['previewDefinition', 'previewWrapper', 'runSlice'] as const;
    expect(namesThatMay('secretsmanager:')).toEqual(['pollFeeds', ...readers]);
    for (const name of readers) {
      expect(actionsOf(name, 'secretsmanager:')).toEqual(['secretsmanager:GetSecretValue']);
      expect(resourcesOf(name, 'secretsmanager:GetSecretValue')).toEqual([
        expect.stringContaining(':secret:headgate/prod/*"'),
      ]);
      expect(functionNamed(name).Environment.Variables.SECRETS_PREFIX).toBe('headgate/prod/');
    }
  });

  test('keys are made at the gateway by one function, on one usage plan, and removed by two', () => {
    expect(namesThatMay('apigateway:POST')).toEqual(['createKey']);
    expect(namesThatMay('apigateway:DELETE')).toEqual(['createKey', 'revokeKey']);
    expect(resourcesOf('createKey', 'apigateway:POST')).toEqual([expect.stringContaining('::/apikeys"')]);
    expect(resourcesOf('createKey', 'apigateway:GET')).toEqual([expect.stringContaining('::/usageplans"')]);
    expect(resourcesOf('revokeKey', 'apigateway:DELETE')).toEqual([expect.stringContaining('::/apikeys/*')]);
    const later = service
      .ofType('AWS::IAM::Policy')
      .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('/usageplans/'));
    expect(later).toHaveLength(1);
    const [statement] = later.flatMap(statementsIn);
    expect(statement?.Action).toBe('apigateway:POST');
    expect(JSON.stringify(statement?.Resource)).toMatch(/\/usageplans\/",\{"Ref":"ApiRestApiUsagePlan\w+"\},"\/keys"/);
  });

  test('the list of keys is read and nothing else', () => {
    expect(actionsOf('listKeys', '')).toEqual(['dynamodb:Scan', ...ownLog]);
    expect(namesThatMay('dynamodb:Scan')).toEqual(['createKey', 'getSystemStatus', 'listKeys']);
  });

  test('no action and no resource is given whole', () => {
    const given = names.flatMap(statementsOf);
    expect(given.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
    expect(given.flatMap(({ Resource }) => Resource)).not.toContain('*');
  });

  test('elsewhere, all resources are given to the delivery of logs and traces alone', () => {
    const roles = [...service.ofType('AWS::IAM::Role'), ...service.ofType('AWS::IAM::Policy')];
    const whole = roles.flatMap(statementsIn).filter(({ Resource }) => [Resource].flat().includes('*'));
    const actions = whole.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^(logs|xray):/.test(action))).toEqual([]);
  });
});

function tableIn(arn: string): string | undefined {
  return /(Wrappers|Feeds|Records|Keys)/.exec(arn)?.[1];
}

const ownLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];

function functionNamed(name: FunctionName): Resource['Properties'] {
  const found = service
    .ofType('AWS::Lambda::Function')
    .find(({ Properties }) => Properties.FunctionName === `headgate-prod-${kebabCase(name)}`);
  if (!found) throw new Error(`${name} is not deployed`);
  return found.Properties;
}

function resource(logicalId: string): Resource {
  const found = service.resources[logicalId];
  if (!found) throw new Error(`no resource ${logicalId}`);
  return found;
}

function roleOf(name: FunctionName): Resource['Properties'] {
  return resource(functionNamed(name).Role['Fn::GetAtt'][0]).Properties;
}

function statementsIn({ Properties }: Pick<Resource, 'Properties'>): Statement[] {
  const { Policies = [] } = Properties;
  return [Properties, ...Policies].flatMap(({ PolicyDocument }) => PolicyDocument?.Statement ?? []);
}

/** All but what it may do with its heartbeats, as nearly all do. */
function statementsOf(name: FunctionName): Statement[] {
  return grantsOf(name, (resource) => !isHeartbeats(resource));
}

/** What is said of these resources; statements that say the same of several are one in the template. */
function grantsOf(name: FunctionName, isMeant: (resource: unknown) => boolean): Statement[] {
  return statementsIn({ Properties: roleOf(name) }).flatMap((statement) => {
    const meant = [statement.Resource].flat().filter(isMeant);
    return meant.length > 0 ? { ...statement, Resource: meant } : [];
  });
}

function isHeartbeats(resource: unknown): boolean {
  return /"Heartbeats/.test(JSON.stringify(resource));
}

function actionsOf(name: FunctionName, prefix: string): string[] {
  const actions = statementsOf(name).flatMap(({ Action }) => Action);
  return actions.filter((action) => action.startsWith(prefix)).sort();
}

/** As JSON, sorted. */
function resourcesOf(name: FunctionName, action: string): string[] {
  const statements = statementsOf(name).filter(({ Action }) => [Action].flat().includes(action));
  return statements.flatMap(({ Resource }) => [Resource].flat().map((one) => JSON.stringify(one))).sort();
}

function namesThatMay(action: string): FunctionName[] {
  return names.filter((name) => actionsOf(name, action).length > 0).sort();
}
