import { connect } from 'node:net';
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from '@jest/globals';
import { sweepExpired } from '../../../local/storage/dynamodb/sweep-expired.ts';
import type { TableSpec } from '../../../local/storage/dynamodb/tables.ts';
import { type Storage, startStorage } from '../../../local/storage/start-storage.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local-secret' };
const runs: TableSpec = {
  name: 'runs',
  AttributeDefinitions: [
    { AttributeName: 'wrapper_id', AttributeType: 'S' },
    { AttributeName: 'item', AttributeType: 'S' },
    { AttributeName: 'running', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'wrapper_id', KeyType: 'HASH' },
    { AttributeName: 'item', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'running',
      KeySchema: [
        { AttributeName: 'running', KeyType: 'HASH' },
        { AttributeName: 'wrapper_id', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
};

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

function dataDirectory(): string {
  const directory = temporaryDirectory();
  cleanUp.push(directory.remove);
  return directory.path;
}

const start = (dataDir: string, tables = [runs]): Promise<Storage> =>
  startStorage({ dataDir, tables, buckets: ['files'], credentials, log: () => undefined });

async function running(dataDir: string): Promise<{ storage: Storage; client: DynamoDBClient }> {
  const storage = await start(dataDir);
  const client = new DynamoDBClient({ endpoint: storage.dynamodbUrl, region: 'eu-west-1', credentials });
  cleanUp.push(storage.close, () => client.destroy());
  return { storage, client };
}

const item = (wrapper: string, rest = {}) => ({ wrapper_id: { S: wrapper }, item: { S: 'run' }, ...rest });

describe('DynamoDB', () => {
  test('has the tables of the template with their sparse indexes', async () => {
    const { client } = await running(dataDirectory());
    await client.send(new PutItemCommand({ TableName: 'runs', Item: item('w-1', { running: { S: 'yes' } }) }));
    await client.send(new PutItemCommand({ TableName: 'runs', Item: item('w-2') }));
    const found = await client.send(
      new QueryCommand({
        TableName: 'runs',
        IndexName: 'running',
        KeyConditionExpression: 'running = :yes',
        ExpressionAttributeValues: { ':yes': { S: 'yes' } },
      }),
    );
    expect(found.Items?.map((row) => row.wrapper_id?.S)).toEqual(['w-1']);
  });

  test('refuses a conditional update whose condition does not hold', async () => {
    const { client } = await running(dataDirectory());
    await client.send(new PutItemCommand({ TableName: 'runs', Item: item('w-1', { epoch: { N: '2' } }) }));
    const update = new UpdateItemCommand({
      TableName: 'runs',
      Key: item('w-1'),
      UpdateExpression: 'SET epoch = :next',
      ConditionExpression: 'epoch = :old',
      ExpressionAttributeValues: { ':old': { N: '1' }, ':next': { N: '2' } },
    });
    await expect(client.send(update)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  });

  test('keeps tables and items over a restart', async () => {
    const dataDir = dataDirectory();
    const first = await start(dataDir);
    const client = new DynamoDBClient({ endpoint: first.dynamodbUrl, region: 'eu-west-1', credentials });
    await client.send(new PutItemCommand({ TableName: 'runs', Item: item('w-1') }));
    client.destroy();
    await first.close();
    const second = await running(dataDir);
    const { Item } = await second.client.send(new GetItemCommand({ TableName: 'runs', Key: item('w-1') }));
    expect(Item).toEqual(item('w-1'));
  });

  test('says so when the tables on disk have other keys', async () => {
    const dataDir = dataDirectory();
    await (await start(dataDir)).close();
    const { GlobalSecondaryIndexes: _dropped, ...other } = runs;
    const withoutIndex = { ...other, AttributeDefinitions: runs.AttributeDefinitions?.slice(0, 2) };
    await expect(start(dataDir, [withoutIndex])).rejects.toThrow('Table runs was made by another version');
  });

  test('outlives a client that is killed in the middle of a request', async () => {
    const { storage, client } = await running(dataDirectory());
    const socket = connect(Number(new URL(storage.dynamodbUrl).port), '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nhalf', () => resolve());
    });
    socket.resetAndDestroy();
    await expect(client.send(new ScanCommand({ TableName: 'runs' }))).resolves.toMatchObject({ Count: 0 });
  });

  test('deletes what has expired and nothing else', async () => {
    const { client } = await running(dataDirectory());
    const now = Date.parse('2026-03-03T10:35:22Z');
    const expiring = (seconds: number) => ({ expires_at: { N: String(now / 1000 + seconds) } });
    for (const [wrapper, rest] of Object.entries({ past: expiring(-1), future: expiring(0), forever: {} })) {
      await client.send(new PutItemCommand({ TableName: 'runs', Item: item(wrapper, rest) }));
    }
    expect(await sweepExpired(client, runs, now)).toBe(1);
    const { Items } = await client.send(new ScanCommand({ TableName: 'runs' }));
    expect(Items?.map((row) => row.wrapper_id?.S).sort()).toEqual(['forever', 'future']);
  });
});

test('S3 runs beside it', async () => {
  const { storage } = await running(dataDirectory());
  const s3 = new S3Client({ endpoint: storage.s3Url, region: 'eu-west-1', credentials });
  cleanUp.push(() => s3.destroy());
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'x', Body: 'y' }));
  expect(ETag).toMatch(/^"[0-9a-f]{32}"$/);
});

test('a taken port is an error, and nothing stays open', async () => {
  const { storage } = await running(dataDirectory());
  const taken = Number(new URL(storage.s3Url).port);
  const second = startStorage({
    dataDir: dataDirectory(),
    tables: [],
    buckets: [],
    credentials,
    log: () => undefined,
    ports: { s3: taken },
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
