import { describe, expect, test } from '@jest/globals';
import { type Resource, synthesize } from './synthesize.ts';

const prod = synthesize({ stage: 'prod' });
const dev = synthesize({ stage: 'dev' });
const dataTypes = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket'];
const dataOf = ({ state }: typeof prod) => dataTypes.flatMap((type) => state.ofType(type));

describe('prod keeps its data', () => {
  test('both stacks refuse to be deleted', () => {
    expect([prod.state.terminationProtection, prod.service.terminationProtection]).toEqual([true, true]);
  });

  test('tables and files outlive their stack', () => {
    expect(dataOf(prod).map((resource) => resource.DeletionPolicy)).toEqual(Array(5).fill('Retain'));
  });

  test('tables can be restored to any second, and refuse to be deleted by hand', () => {
    for (const { Properties } of prod.state.ofType('AWS::DynamoDB::Table')) {
      expect(Properties.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
      expect(Properties.DeletionProtectionEnabled).toBe(true);
    }
  });
});

test('dev can be destroyed', () => {
  expect(dev.state.terminationProtection).toBe(false);
  expect(dataOf(dev).map((resource) => resource.DeletionPolicy)).toEqual(Array(5).fill('Delete'));
  expect(dev.state.ofType('AWS::DynamoDB::Table').every((table) => !table.Properties.DeletionProtectionEnabled)).toBe(
    true,
  );
});

test('data is in the state stack, and only there: heartbeats go with what beats', () => {
  const [heartbeats, ...others] = dataTypes.flatMap((type) => prod.service.ofType(type));
  expect(others).toEqual([]);
  expect(heartbeats).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: {
      KeySchema: [
        { AttributeName: 'type', KeyType: 'HASH' },
        { AttributeName: 'hostname', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
    },
  });
});

describe('the wrappers table', () => {
  const table = tableWithKey('wrapper_id').Properties;

  test('has a wrapper with all it left under one key', () => {
    expect(table.KeySchema).toEqual([
      { AttributeName: 'wrapper_id', KeyType: 'HASH' },
      { AttributeName: 'item', KeyType: 'RANGE' },
    ]);
    expect(table.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });

  test.each([
    ['running', 'wrapper_id'],
    ['listed', 'listed_key'],
  ])('finds by %s, in order of %s, keys only', (partition, sort) => {
    expect(table.GlobalSecondaryIndexes).toContainEqual({
      IndexName: partition,
      KeySchema: [
        { AttributeName: partition, KeyType: 'HASH' },
        { AttributeName: sort, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    });
  });
});

test('the feeds table has each kind of item under one key, by adapter, and none of them expires', () => {
  const table = tableWithKey('part').Properties;
  expect(table.KeySchema).toEqual([
    { AttributeName: 'part', KeyType: 'HASH' },
    { AttributeName: 'adapter_id', KeyType: 'RANGE' },
  ]);
  expect(table).not.toHaveProperty('TimeToLiveSpecification');
});

test('the records table has the records of an adapter under one key, and forgets closed ones', () => {
  const table = tableWithKey('adapter_id').Properties;
  expect(table.KeySchema).toEqual([
    { AttributeName: 'adapter_id', KeyType: 'HASH' },
    { AttributeName: 'record_id', KeyType: 'RANGE' },
  ]);
  expect(table.TimeToLiveSpecification).toEqual({ AttributeName: 'expires_at', Enabled: true });
});

test('tables cost nothing while idle and are encrypted', () => {
  for (const { Properties } of dev.state.ofType('AWS::DynamoDB::Table')) {
    expect(Properties.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Properties.SSESpecification).toEqual({ SSEEnabled: true });
  }
});

describe('the files bucket', () => {
  test('is closed to the public, encrypted, and has no access lists', () => {
    expect(dev.state.ofType('AWS::S3::Bucket').map((bucket) => bucket.Properties)).toEqual([
      expect.objectContaining({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: expect.anything(),
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      }),
    ]);
  });

  test('speaks TLS only', () => {
    const [policy] = dev.state.ofType('AWS::S3::BucketPolicy');
    expect(policy?.Properties.PolicyDocument?.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });
});

test('people and tools find the table of keys and the bucket of files', () => {
  expect(dev.state.outputs).toEqual(expect.arrayContaining(['KeysTableName', 'FilesBucketName']));
});

function tableWithKey(name: string): Resource {
  const table = dev.state
    .ofType('AWS::DynamoDB::Table')
    .find(({ Properties }) => Properties.KeySchema[0].AttributeName === name);
  if (!table) throw new Error(`no table with partition key ${name}`);
  return table;
}
