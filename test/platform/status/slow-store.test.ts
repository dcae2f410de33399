import { expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { beating } from '../../../lambdas/platform/status/beating.ts';
import { webServer } from '../../support/web-server.ts';

test('a store that hangs holds work up for a second, once a minute', async () => {
  const requests: string[] = [];
  const hanging = await webServer(({ headers }) => requests.push(String(headers['x-amz-target'])));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: hanging.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    HEARTBEATS_TABLE: 'heartbeats',
  });
  const handler = beating('getWrapper', async () => 'shown');
  const began = Date.now();
  for (let n = 0; n < 5; n += 1) expect(await handler({}, {} as Context)).toBe('shown');
  expect(Date.now() - began).toBeLessThan(3000);
  expect(requests).toEqual(['DynamoDB_20120810.PutItem']);
  await hanging.close();
});
