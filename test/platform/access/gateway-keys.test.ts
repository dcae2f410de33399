import { APIGatewayClient, BadRequestException } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RetryableError } from '../../../lambdas/domain/errors.ts';
import { gatewayKeys } from '../../../lambdas/platform/access/gateway-keys.ts';
import { type WebServer, webServer } from '../../support/web-server.ts';

const asked: string[] = [];
let statusOfPlanKey = 201;
let server: WebServer;
let client: APIGatewayClient;

const answers: Readonly<Record<string, () => [status: number, body: object]>> = {
  'GET /usageplans': () => [
    200,
    {
      item: [
        { id: 'other', name: 'other' },
        { id: 'plan-1', name: 'headgate-test' },
      ],
    },
  ],
  'POST /apikeys': () => [201, { id: 'k-1' }],
  'POST /usageplans/plan-1/keys': () => [statusOfPlanKey, {}],
  'DELETE /apikeys/k-1': () => [202, {}],
};

const errorTypes: Readonly<Record<number, string>> = {
  400: 'BadRequestException',
  404: 'NotFoundException',
  429: 'TooManyRequestsException',
};

beforeAll(async () => {
  server = await webServer((request, response) => {
    const call = `${request.method} ${String(request.url).split('?')[0]}`;
    asked.push(call);
    const [status, body] = answers[call]?.() ?? [404, {}];
    response
      .writeHead(status, { 'x-amzn-errortype': errorTypes[status] ?? 'InternalFailure' })
      .end(JSON.stringify(body));
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new APIGatewayClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
beforeEach(() => {
  asked.length = 0;
  statusOfPlanKey = 201;
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

test('puts a key on the plan of its name, which is looked for once', async () => {
  const keys = gatewayKeys('headgate-test', client);
  expect([await keys.create('key-1', 'ops'), await keys.create('key-2', 'ops')]).toEqual(['k-1', 'k-1']);
  expect(asked.filter((call) => call === 'GET /usageplans')).toHaveLength(1);
});

test.each([
  [400, BadRequestException],
  [429, RetryableError],
  [500, RetryableError],
])('a key that the plan refuses with %i is taken back', async (status, kind) => {
  statusOfPlanKey = status;
  await expect(gatewayKeys('headgate-test', client).create('key-1', 'ops')).rejects.toThrow(kind);
  expect(asked.at(-1)).toBe('DELETE /apikeys/k-1');
});

test('removing one that is gone already is no error', async () => {
  await expect(gatewayKeys('headgate-test', client).remove('gone')).resolves.toBeUndefined();
});

test('says which plan is missing', async () => {
  await expect(gatewayKeys('nowhere', client).create('key-1', 'ops')).rejects.toThrow('no usage plan nowhere');
});
