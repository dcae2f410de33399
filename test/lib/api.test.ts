import { describe, expect, test } from '@jest/globals';
import { environments } from '../../lambdas/contracts/environments.ts';
import { requiredScopes } from '../../lambdas/contracts/scopes.ts';
import { routes } from '../../lib/api/routes.ts';
import { kebabCase } from '../../lib/constructs/kebab-case.ts';
import { type Resource, synthesize } from './synthesize.ts';

const { service } = synthesize({
  stage: 'prod',
  requestsPerSecond: 7,
  requestBurst: 9,
  requestsPerDay: 1000,
  anonymousRequestsPerSecond: 3,
  anonymousBurst: 5,
});
const methods = service.ofType('AWS::ApiGateway::Method').map(({ Properties }) => Properties);

describe('routes', () => {
  test('are those of the contract', () => {
    expect(routes.map(({ method, path, function: name }) => `${method} ${path} ${name}`)).toEqual([
      'POST /resources/wrappers createWrapper',
      'GET /resources/wrappers listWrappers',
      'POST /resources/wrappers/files createUpload',
      'POST /resources/wrappers/infer inferWrapper',
      'POST /resources/wrappers/preview previewDefinition',
      'GET /resources/wrappers/{wrapper_id} getWrapper',
      'PUT /resources/wrappers/{wrapper_id} updateWrapper',
      'DELETE /resources/wrappers/{wrapper_id} deleteWrapper',
      'POST /resources/wrappers/{wrapper_id}/preview previewWrapper',
      'POST /resources/wrappers/{wrapper_id}/execute executeWrapper',
      'POST /resources/wrappers/{wrapper_id}/stop stopWrapper',
      'GET /resources/wrappers/{wrapper_id}/health getWrapperHealth',
      'GET /resources/wrappers/{wrapper_id}/monitoring getWrapperMonitoring',
      'GET /resources/wrappers/{wrapper_id}/executions listExecutions',
      'GET /resources/wrappers/{wrapper_id}/executions/{execution_id} getExecution',
      'GET /resources/wrappers/{wrapper_id}/executions/{execution_id}/quarantine listQuarantine',
      'POST /resources/wrappers/{wrapper_id}/executions/{execution_id}/redrive redriveQuarantine',
      'GET /resources/wrappers/{wrapper_id}/logs listLogs',
      'GET /resources/wrappers/{wrapper_id}/checkpoint getCheckpoint',
      'PUT /resources/wrappers/{wrapper_id}/checkpoint setCheckpoint',
      'DELETE /resources/wrappers/{wrapper_id}/checkpoint deleteCheckpoint',
      'GET /resources/wrappers/{wrapper_id}/checkpoints listCheckpoints',
      'GET /v1/health getFeedHealth',
      'GET /v1/health/{adapterId} getAdapterHealth',
      'GET /v1/records listRecords',
      'POST /api/keys createKey',
      'GET /api/keys listKeys',
      'DELETE /api/keys/{key_id} revokeKey',
      'POST /api/keys/{key_id}/rotate rotateKey',
      'GET /api/health getSystemHealth',
      'GET /api/health/ready getReadiness',
      'GET /api/health/status getSystemStatus',
    ]);
  });

  test('are deployed as the table says, each with its own function', () => {
    const deployed = methods.map(
      ({ HttpMethod, ResourceId, Integration }) =>
        `${HttpMethod} ${pathOf(ResourceId.Ref)} ${functionIn(JSON.stringify(Integration.Uri))}`,
    );
    const declared = routes.map(({ method, path, function: name }) => `${method} ${path} ${kebabCase(name)}`);
    expect(deployed.sort()).toEqual(declared.sort());
  });

  test('answer all functions but those that no client calls', () => {
    const run = ['runSlice', 'handOverRun', 'recordCrash', 'reconcileRuns'];
    const internal = ['authorizeRequest', ...run, 'dispatchPolls', 'pollFeeds'];
    const answering: string[] = routes.map((route) => route.function);
    expect(Object.keys(environments).filter((name) => !answering.includes(name))).toEqual(internal);
  });

  test('change nothing with a scope to read, and only read with GET', () => {
    for (const { method, function: name } of routes) {
      // Who may make keys may see them, and nobody else.
      if (name === 'listKeys') continue;
      const scope = requiredScopes[name];
      expect(scope === null || scope.endsWith(':read')).toBe(method === 'GET');
    }
  });

  test('ask the authorizer and count against a key, every one', () => {
    for (const method of methods) {
      expect(method).toMatchObject({
        AuthorizationType: 'CUSTOM',
        ApiKeyRequired: true,
        AuthorizerId: expect.anything(),
      });
    }
  });
});

describe('keys', () => {
  test('come from the authorizer, which is asked every time', () => {
    expect(only('AWS::ApiGateway::RestApi').ApiKeySourceType).toBe('AUTHORIZER');
    const authorizer = only('AWS::ApiGateway::Authorizer');
    expect(authorizer).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
    expect(authorizer).not.toHaveProperty('IdentitySource');
  });

  test('have the throttle and the quota of the settings', () => {
    expect(planNamed('headgate-prod')).toMatchObject({
      Throttle: { RateLimit: 7, BurstLimit: 9 },
      Quota: { Limit: 1000, Period: 'DAY' },
    });
  });

  test("of nobody are one, with a value that the authorizer knows and a throttle that is no key-holder's", () => {
    const plan = planNamed('headgate-prod-anonymous');
    expect(plan.Throttle).toEqual({ RateLimit: 3, BurstLimit: 5 });
    const key = only('AWS::ApiGateway::ApiKey');
    expect(key).toMatchObject({ Enabled: true, Value: 'headgate-prod-anonymous' });
    expect(functionNamed('authorize-request').Environment.Variables.ANONYMOUS_KEY).toBe(key.Value);
    const { KeyId, UsagePlanId } = only('AWS::ApiGateway::UsagePlanKey');
    expect(service.resources[KeyId.Ref]?.Properties).toBe(key);
    expect(service.resources[UsagePlanId.Ref]?.Properties).toBe(plan);
  });
});

describe('what the gateway answers itself', () => {
  const text = (message: string, code: number) => ({ error: message, detail: message, code });
  const unauthorized = text('Unauthorized - API key required.', 401);
  const forbidden = text('Forbidden - Insufficient permissions.', 403);
  const limited = (message: string) => ({
    error: { code: 'RATE_LIMIT_EXCEEDED', message },
    detail: message,
    _meta: { request_id: 'req_$context.requestId' },
  });

  test.each([
    ['UNAUTHORIZED', 401, unauthorized],
    ['INVALID_API_KEY', 401, unauthorized],
    ['ACCESS_DENIED', 403, forbidden],
    ['WAF_FILTERED', 403, forbidden],
    ['MISSING_AUTHENTICATION_TOKEN', 404, text('Not found', 404)],
    ['RESOURCE_NOT_FOUND', 404, text('Not found', 404)],
    ['REQUEST_TOO_LARGE', 413, text('Request body is larger than 10 MB', 413)],
    ['THROTTLED', 429, limited('Too many requests')],
    ['QUOTA_EXCEEDED', 429, limited('The quota of this API key is used up for today')],
    ['DEFAULT_4XX', 400, text('Bad request', 400)],
    ['AUTHORIZER_FAILURE', 503, text('Service unavailable', 503)],
    ['AUTHORIZER_CONFIGURATION_ERROR', 503, text('Service unavailable', 503)],
    ['INTEGRATION_TIMEOUT', 504, text('Service unavailable', 504)],
    ['DEFAULT_5XX', 500, text('Internal server error', 500)],
  ])('%s is a %i in the shape of the contract', (type, status, body) => {
    const response = responseOf(type);
    expect(response.StatusCode).toBe(String(status));
    expect(JSON.parse(response.ResponseTemplates['application/json'])).toEqual(body);
  });

  test('is stored by no cache', () => {
    for (const { Properties } of service.ofType('AWS::ApiGateway::GatewayResponse')) {
      expect(Properties.ResponseParameters['gatewayresponse.header.Cache-Control']).toBe("'no-store'");
    }
  });

  test('says how to authenticate with 401, and only then', () => {
    for (const { Properties } of service.ofType('AWS::ApiGateway::GatewayResponse')) {
      const header = Properties.ResponseParameters['gatewayresponse.header.WWW-Authenticate'];
      expect(header).toBe(Properties.StatusCode === '401' ? "'Bearer'" : undefined);
    }
  });
});

test('every request is logged, and no header of it', () => {
  const format: string = only('AWS::ApiGateway::Stage').AccessLogSetting.Format;
  expect(Object.keys(JSON.parse(format))).toContain('requestId');
  expect(format).not.toMatch(/header|authorizer\.(?!principalId)|apiKey"/i);
});

test('tools find the address and the usage plan', () => {
  expect(service.outputs).toEqual(expect.arrayContaining(['ApiUrl', 'StateMachineArn', 'UsagePlanId']));
});

function only(type: string): Resource['Properties'] {
  const [first, ...others] = service.ofType(type);
  if (!first || others.length > 0) throw new Error(`not exactly one ${type}`);
  return first.Properties;
}

function planNamed(name: string): Resource['Properties'] {
  const plans = service.ofType('AWS::ApiGateway::UsagePlan').map(({ Properties }) => Properties);
  const found = plans.find(({ UsagePlanName }) => UsagePlanName === name);
  if (!found) throw new Error(`no usage plan ${name}`);
  return found;
}

function functionNamed(name: string): Resource['Properties'] {
  const functions = service.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
  const found = functions.find(({ FunctionName }) => FunctionName === `headgate-prod-${name}`);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}

function responseOf(type: string): Resource['Properties'] {
  const found = service
    .ofType('AWS::ApiGateway::GatewayResponse')
    .find(({ Properties }) => Properties.ResponseType === type);
  if (!found) throw new Error(`no gateway response ${type}`);
  return found.Properties;
}

function pathOf(logicalId: string): string {
  const properties = service.resources[logicalId]?.Properties;
  const parent = properties?.ParentId.Ref;
  return `${parent === undefined ? '' : pathOf(parent)}/${properties?.PathPart}`;
}

function functionIn(integration: string): string | undefined {
  const logicalId = /"Fn::GetAtt":\["(\w+Function\w+)","Arn"\]/.exec(integration)?.[1] ?? '';
  return service.resources[logicalId]?.Properties.FunctionName.replace('headgate-prod-', '');
}
