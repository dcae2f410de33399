import * as z from 'zod';
import { count } from './kinds-compute.ts';
import { iam, label, logging, resourceKind, tracing } from './resource-kind.ts';

const throttle = z.strictObject({ BurstLimit: count.optional(), RateLimit: z.coerce.number().optional() });

const restApi = resourceKind(
  z.strictObject({
    Name: z.string(),
    ApiKeySourceType: z.enum(['AUTHORIZER', 'HEADER']).default('HEADER'),
    DisableExecuteApiEndpoint: z.literal(false).optional(),
  }),
  {
    Description: label,
    Tags: label,
    Policy: iam,
    EndpointConfiguration: 'there is one endpoint, on this machine',
    FailOnWarnings: 'about importing a definition, of which there is none',
  },
);

const resource = resourceKind(z.strictObject({ RestApiId: z.string(), ParentId: z.string(), PathPart: z.string() }));

const method = resourceKind(
  z.strictObject({
    RestApiId: z.string(),
    ResourceId: z.string(),
    HttpMethod: z.string(),
    AuthorizationType: z.enum(['NONE', 'CUSTOM']),
    AuthorizerId: z.string().optional(),
    ApiKeyRequired: z.boolean().default(false),
    RequestParameters: z.record(z.string(), z.boolean()).default({}),
    RequestValidatorId: z.string().optional(),
    Integration: z.strictObject({
      Type: z.literal('AWS_PROXY', 'only Lambda proxy integrations can be run'),
      IntegrationHttpMethod: z.literal('POST'),
      Uri: z.string(),
      TimeoutInMillis: count.max(29_000).default(29_000),
    }),
  }),
  { OperationName: label },
);

const authorizer = resourceKind(
  z.strictObject({
    RestApiId: z.string(),
    Name: z.string(),
    Type: z.literal('REQUEST', 'only request authorizers can be run'),
    AuthorizerUri: z.string(),
    AuthorizerResultTtlInSeconds: z.literal(0, 'authorizer caching is not simulated: 0 is needed'),
    IdentitySource: z.literal('').optional(),
  }),
  { AuthorizerCredentials: iam },
);

const stage = resourceKind(
  z.strictObject({
    RestApiId: z.string(),
    StageName: z.string(),
    DeploymentId: z.string(),
    MethodSettings: z
      .array(
        z.strictObject({
          HttpMethod: z.literal('*', 'settings of one method are not simulated'),
          ResourcePath: z.literal('/*', 'settings of one path are not simulated'),
          ThrottlingBurstLimit: count.optional(),
          ThrottlingRateLimit: z.coerce.number().optional(),
          CachingEnabled: z.literal(false).optional(),
          // Logs and metrics of the gateway, which has none here.
          LoggingLevel: z.unknown().optional(),
          DataTraceEnabled: z.unknown().optional(),
          MetricsEnabled: z.unknown().optional(),
        }),
      )
      .max(1)
      .default([]),
  }),
  { AccessLogSetting: logging, TracingEnabled: tracing, Description: label, Tags: label },
);

const gatewayResponse = resourceKind(
  z.strictObject({
    RestApiId: z.string(),
    ResponseType: z.string(),
    StatusCode: z.coerce.number().int().optional(),
    ResponseParameters: z
      .record(
        z.string().regex(/^gatewayresponse\.header\./),
        z.string().regex(/^'.*'$/, 'only literal header values can be rendered'),
      )
      .default({}),
    ResponseTemplates: z.strictObject({ 'application/json': z.string() }).optional(),
  }),
);

const usagePlan = resourceKind(
  z.strictObject({
    UsagePlanName: z.string().optional(),
    ApiStages: z
      .array(z.strictObject({ ApiId: z.string(), Stage: z.string(), Throttle: z.strictObject({}).optional() }))
      .default([]),
    Throttle: throttle.optional(),
    Quota: z.strictObject({ Limit: count, Period: z.enum(['DAY', 'WEEK', 'MONTH']) }).optional(),
  }),
  { Description: label, Tags: label },
);

/** A key that the template has; those of users are made by the gateway's own API. */
const apiKey = resourceKind(
  z.strictObject({
    Name: z.string().optional(),
    Enabled: z.boolean().default(false),
    Value: z.string('a key whose value is made up by the gateway is of no use').min(20).max(128),
  }),
  { Description: label, Tags: label, CustomerId: label },
);

const usagePlanKey = resourceKind(
  z.strictObject({ KeyId: z.string(), KeyType: z.literal('API_KEY'), UsagePlanId: z.string() }),
);

const requestValidator = resourceKind(
  z.strictObject({
    RestApiId: z.string(),
    Name: z.string().optional(),
    ValidateRequestParameters: z.boolean().default(false),
    // Without a model, and models are refused, there is nothing to check a body against.
    ValidateRequestBody: z.boolean().default(false),
  }),
);

export const apiKinds = {
  'AWS::ApiGateway::RestApi': restApi,
  'AWS::ApiGateway::Resource': resource,
  'AWS::ApiGateway::Method': method,
  'AWS::ApiGateway::Authorizer': authorizer,
  'AWS::ApiGateway::Stage': stage,
  'AWS::ApiGateway::GatewayResponse': gatewayResponse,
  'AWS::ApiGateway::UsagePlan': usagePlan,
  'AWS::ApiGateway::ApiKey': apiKey,
  'AWS::ApiGateway::UsagePlanKey': usagePlanKey,
  'AWS::ApiGateway::RequestValidator': requestValidator,
};
