import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Engine } from '../../../../local/engine/engine.ts';
import { temporaryDirectory } from '../hand-made-assembly.ts';
import { clientSettings, startTestEngine } from '../start-test-engine.ts';

const invocationOf = (name: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:${name}/invocations`;

const api = { RestApiId: { Ref: 'Api' } };

function resource(PathPart: string, parent?: string) {
  const ParentId = parent ? { Ref: parent } : { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
  return { Type: 'AWS::ApiGateway::Resource', Properties: { ...api, ParentId, PathPart } };
}

function method(HttpMethod: string, ResourceId: unknown, fn: string, more: object = {}) {
  const Integration = {
    Type: 'AWS_PROXY',
    IntegrationHttpMethod: 'POST',
    Uri: invocationOf(fn),
    ...(fn === 'slow' ? { TimeoutInMillis: 100 } : {}),
  };
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: { ...api, HttpMethod, ResourceId, AuthorizationType: 'NONE', Integration, ...more },
  };
}

const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' }, ApiKeyRequired: true };

const resources = {
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api', ApiKeySourceType: 'AUTHORIZER' } },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { ...api, StageName: 'live', DeploymentId: 'd' } },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      ...api,
      Name: 'a',
      Type: 'REQUEST',
      AuthorizerUri: invocationOf('authorizer'),
      AuthorizerResultTtlInSeconds: 0,
    },
  },
  Plan: {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: {
      ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }],
      Throttle: { BurstLimit: 3, RateLimit: 0.001 },
    },
  },
  StrangersPlan: {
    Type: 'AWS::ApiGateway::UsagePlan',
    Properties: {
      ApiStages: [{ ApiId: { Ref: 'Api' }, Stage: { Ref: 'Stage' } }],
      Throttle: { BurstLimit: 2, RateLimit: 0.001 },
    },
  },
  StrangersKey: {
    Type: 'AWS::ApiGateway::ApiKey',
    Properties: { Name: 'strangers', Value: 'a-key-of-the-template', Enabled: true },
  },
  StrangersPlanKey: {
    Type: 'AWS::ApiGateway::UsagePlanKey',
    Properties: { KeyId: { Ref: 'StrangersKey' }, KeyType: 'API_KEY', UsagePlanId: { Ref: 'StrangersPlan' } },
  },
  Unauthorized: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ...api,
      ResponseType: 'UNAUTHORIZED',
      StatusCode: '401',
      ResponseParameters: { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" },
      ResponseTemplates: {
        'application/json':
          '{"error":$context.error.messageString,"type":"$context.error.responseType","id":"$context.requestId"}',
      },
    },
  },
  NotFound: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ...api,
      ResponseType: 'MISSING_AUTHENTICATION_TOKEN',
      StatusCode: '404',
      ResponseTemplates: { 'application/json': '{"error":"Not found"}' },
    },
  },
  ServerErrors: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ...api,
      ResponseType: 'DEFAULT_5XX',
      ResponseTemplates: { 'application/json': '{"error":"broken"}' },
    },
  },
  Validator: { Type: 'AWS::ApiGateway::RequestValidator', Properties: { ...api, ValidateRequestParameters: true } },
  Things: resource('things'),
  Thing: resource('{id}', 'Things'),
  Special: resource('special', 'Things'),
  Guarded: resource('guarded'),
  Answers: resource('answers'),
  Slow: resource('slow'),
  GetThing: method('GET', { Ref: 'Thing' }, 'echo'),
  PutThing: method('PUT', { Ref: 'Thing' }, 'echo'),
  GetSpecial: method('GET', { Ref: 'Special' }, 'echo'),
  GetThings: method('GET', { Ref: 'Things' }, 'echo', {
    RequestValidatorId: { Ref: 'Validator' },
    RequestParameters: { 'method.request.querystring.kind': true, 'method.request.header.X-Wanted': true },
  }),
  GetGuarded: method('GET', { Ref: 'Guarded' }, 'echo', guarded),
  PostAnswers: method('POST', { Ref: 'Answers' }, 'answers'),
  GetSlow: method('GET', { Ref: 'Slow' }, 'slow'),
};

const functions = {
  echo: `export const handler = async (event) => ({ statusCode: 200, headers: { 'X-Single': 'one' },
    multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'] }, body: JSON.stringify(event) });`,
  answers: `export const handler = async ({ body }) => { const wanted = JSON.parse(body); if (wanted.throw) throw new Error(); return wanted; };`,
  slow: `export const handler = () => new Promise(() => {});`,
  authorizer: `export const handler = async ({ headers, methodArn }) => {
    const key = headers.authorization?.replace('Bearer ', '');
    if (!key) throw new Error('Unauthorized');
    if (key === 'broken') throw new Error('database down');
    if (key === 'malformed') return { principalId: 'x' };
    const Effect = key === 'denied' ? 'Deny' : 'Allow';
    const Resource = key === 'elsewhere' ? methodArn.replace('/guarded', '/other') : methodArn.replace('/GET/', '/*/');
    return { principalId: 'someone', usageIdentifierKey: key, context: { scopes: 'a,b', level: 3 },
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] } };
  };`,
};

let engine: Engine;
let control: APIGatewayClient;
const dataDir = temporaryDirectory();

beforeAll(async () => {
  engine = await startTestEngine(functions, resources, { dataDir });
  control = new APIGatewayClient(clientSettings(engine.controlUrl));
});

afterAll(() => engine.close());

async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(`${engine.apiUrl}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}

const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

async function createKey(value: string, onPlan = true): Promise<string> {
  const { id = '' } = await control.send(new CreateApiKeyCommand({ name: `key ${value}`, value, enabled: true }));
  const [plan] = engine.model.api?.usagePlans ?? [];
  if (onPlan)
    await control.send(new CreateUsagePlanKeyCommand({ usagePlanId: plan?.id, keyId: id, keyType: 'API_KEY' }));
  return id;
}

describe('the event', () => {
  test('has path parameters as they came, and the query decoded', async () => {
    const { body, headers } = await call('/things/a%2Fb%20c?x=1&x=%C3%A9&flag', { headers: { 'X-Custom': 'Value' } });
    expect(body).toMatchObject({
      resource: '/things/{id}',
      path: '/things/a%2Fb%20c',
      httpMethod: 'GET',
      pathParameters: { id: 'a%2Fb%20c' },
      queryStringParameters: { x: 'é', flag: '' },
      multiValueQueryStringParameters: { x: ['1', 'é'], flag: [''] },
      headers: { 'X-Custom': 'Value' },
      multiValueHeaders: { 'X-Custom': ['Value'] },
      body: null,
      isBase64Encoded: false,
      stageVariables: null,
      requestContext: {
        stage: 'live',
        resourcePath: '/things/{id}',
        protocol: 'HTTP/1.1',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(headers.get('x-single')).toBe('one');
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('has null where there is nothing', async () => {
    const { body } = await call('/things/special');
    expect(body).toMatchObject({
      resource: '/things/special',
      pathParameters: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
  });

  test('has the body as text', async () => {
    expect((await call('/things/1', { method: 'PUT', body: 'é{' })).body).toMatchObject({
      body: 'é{',
      httpMethod: 'PUT',
    });
  });

  test('keeps a parameter called __proto__', async () => {
    const response = await fetch(`${engine.apiUrl}/things/1?__proto__=x`);
    expect(await response.text()).toContain('"queryStringParameters":{"__proto__":"x"}');
  });
});

describe('the gateway answers by itself', () => {
  test('404 as the template has it for a path or method that is not there', async () => {
    for (const [path, wanted] of [
      ['/nothing', 'GET'],
      ['/things/1', 'DELETE'],
      ['/things/1/more', 'GET'],
      ['/things//', 'GET'],
      ['/', 'GET'],
    ] as const) {
      expect(await call(path, { method: wanted })).toMatchObject({ status: 404, body: { error: 'Not found' } });
    }
  });

  test('400 for a required parameter that is missing', async () => {
    expect(await call('/things')).toMatchObject({
      status: 400,
      body: { message: 'Missing required request parameters: [kind, X-Wanted]' },
    });
    expect(await call('/things?kind=', { headers: { 'x-wanted': '1' } })).toMatchObject({ status: 200 });
  });

  test('413 above 10 MB', async () => {
    const body = 'x'.repeat(10 * 1024 * 1024 + 1);
    expect(await call('/things/1', { method: 'PUT', body })).toMatchObject({
      status: 413,
      body: { message: 'Request Too Long' },
    });
  });

  test('504 when the function takes too long', async () => {
    expect(await call('/slow')).toMatchObject({ status: 504, body: { error: 'broken' } });
  });

  test.each([
    ['a function that throws', { throw: true }],
    ['no status', { body: 'x' }],
    ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
    ['an unknown field', { statusCode: 200, cookies: [] }],
    ['a header that is a list', { statusCode: 200, headers: { a: ['b'] } }],
  ])('502 for %s', async (_, answer) => {
    expect(await call('/answers', { method: 'POST', body: JSON.stringify(answer) })).toMatchObject({
      status: 502,
      body: { error: 'broken' },
    });
  });
});

describe('a guarded route', () => {
  test('without credentials is 401, rendered from the template', async () => {
    const { status, headers, body } = await call('/guarded');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body).toEqual({ error: 'Unauthorized', type: 'UNAUTHORIZED', id: headers.get('x-amzn-requestid') });
  });

  test.each([
    ['denied', 403, { message: 'User is not authorized to access this resource with an explicit deny' }],
    ['elsewhere', 403, { message: 'User is not authorized to access this resource' }],
    ['broken', 500, { error: 'broken' }],
    ['malformed', 500, { error: 'broken' }],
    ['a-key-that-does-not-exist', 403, { message: 'Forbidden' }],
  ])('with the key %s is %i', async (key, status, body) => {
    expect(await call('/guarded', bearer(key))).toMatchObject({ status, body });
  });

  test('with a key on the plan is served, and knows who calls', async () => {
    await createKey('a-key-of-twenty-characters');
    const { status, body } = await call('/guarded', bearer('a-key-of-twenty-characters'));
    expect([status, body.requestContext.authorizer]).toEqual([
      200,
      expect.objectContaining({ principalId: 'someone', scopes: 'a,b', level: '3' }),
    ]);
  });

  test('with a key beside the plan is refused', async () => {
    await createKey('another-key-without-a-plan', false);
    expect(await call('/guarded', bearer('another-key-without-a-plan'))).toMatchObject({ status: 403 });
  });

  test('is throttled per key', async () => {
    await createKey('greedy-key-of-some-length');
    await createKey('modest-key-of-some-length');
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await call('/guarded', bearer('greedy-key-of-some-length'))).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await call('/guarded', bearer('modest-key-of-some-length'))).toMatchObject({ status: 200 });
  });

  test('is served by a key of the template, on its own plan', async () => {
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await call('/guarded', bearer('a-key-of-the-template'))).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('refuses a key that was deleted', async () => {
    const id = await createKey('a-key-that-is-deleted-soon');
    expect(await call('/guarded', bearer('a-key-that-is-deleted-soon'))).toMatchObject({ status: 200 });
    await control.send(new DeleteApiKeyCommand({ apiKey: id }));
    expect(await call('/guarded', bearer('a-key-that-is-deleted-soon'))).toMatchObject({ status: 403 });
  });
});

describe('the control plane', () => {
  test('lists keys by name, in pages, with values only when asked', async () => {
    await createKey('paged-1-xxxxxxxxxxxxxxxxxx', false);
    await createKey('paged-2-xxxxxxxxxxxxxxxxxx', false);
    const page = await control.send(new GetApiKeysCommand({ nameQuery: 'key paged', limit: 1, includeValues: true }));
    expect(page.items).toMatchObject([
      { name: 'key paged-1-xxxxxxxxxxxxxxxxxx', value: 'paged-1-xxxxxxxxxxxxxxxxxx', enabled: true },
    ]);
    expect(page.items?.[0]?.createdDate).toBeInstanceOf(Date);
    const rest = await control.send(
      new GetApiKeysCommand({ nameQuery: 'key paged', limit: 1, position: page.position }),
    );
    expect(rest.items?.map(({ name, value }) => [name, value])).toEqual([
      ['key paged-2-xxxxxxxxxxxxxxxxxx', undefined],
    ]);
    expect(rest.position).toBeUndefined();
  });

  test('names its errors', async () => {
    const id = await createKey('a-value-that-is-taken-twice');
    await expect(createKey('a-value-that-is-taken-twice')).rejects.toMatchObject({ name: 'ConflictException' });
    await expect(createKey('short')).rejects.toMatchObject({ name: 'BadRequestException' });
    await expect(control.send(new DeleteApiKeyCommand({ apiKey: 'nobody' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    const noPlan = new CreateUsagePlanKeyCommand({ usagePlanId: 'nothing', keyId: id, keyType: 'API_KEY' });
    await expect(control.send(noPlan)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('keeps keys over a restart', async () => {
    await createKey('a-key-that-survives-anything');
    const second = await startTestEngine(functions, resources, { dataDir });
    const response = await fetch(`${second.apiUrl}/guarded`, bearer('a-key-that-survives-anything'));
    const listed = await new APIGatewayClient(clientSettings(second.controlUrl)).send(
      new GetApiKeysCommand({ nameQuery: 'strangers' }),
    );
    await second.close();
    expect(response.status).toBe(200);
    expect(listed.items).toHaveLength(1);
  });
});
