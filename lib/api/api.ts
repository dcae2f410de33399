import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  ApiKeySourceType,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  Period,
  RestApi,
  type Stage,
  type UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { mayUseUsagePlan } from '../constructs/permissions.ts';
import { ServiceLogGroup } from '../constructs/service-log-group.ts';
import type { ServiceContext } from '../service-context.ts';
import { addAddressLimit, limitsAddresses } from './address-limit.ts';
import { addAnonymousAccess } from './anonymous-access.ts';
import { keyAuthorizer } from './authorizer.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { routeFunctions } from './route-functions.ts';
import { routes } from './routes.ts';
import type { Watched } from './system-functions.ts';
import { usagePlanName } from './usage-plan-name.ts';

/** First segment of the deployed address, before the paths of the contract; a custom domain leaves it out. */
const stageName = 'live';

/** The REST API: the route table behind the authorizer, and a usage plan for keys and one for those who have none. */
export class HeadgateApi extends Construct {
  /** Base address, without a slash at its end. */
  readonly url: string;
  readonly usagePlan: UsagePlan;
  readonly stage: Stage;

  constructor(scope: Construct, id: string, context: ServiceContext, watched: Watched) {
    super(scope, id);
    const { settings } = context;
    const api = this.restApi(context);
    addGatewayResponses(api, settings);
    const functions = routeFunctions(this, context, watched);
    const options = {
      apiKeyRequired: true,
      authorizationType: AuthorizationType.CUSTOM,
      authorizer: keyAuthorizer(this, context),
    };
    for (const route of routes) {
      const integration = new LambdaIntegration(functions[route.function].function, { allowTestInvoke: false });
      api.root.resourceForPath(route.path).addMethod(route.method, integration, options);
    }
    this.usagePlan = api.addUsagePlan('UsagePlan', {
      name: usagePlanName(settings),
      description: 'What each API key may ask for',
      apiStages: [{ stage: api.deploymentStage }],
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestBurst },
      quota: { limit: settings.requestsPerDay, period: Period.DAY },
    });
    mayUseUsagePlan(functions.createKey, this.usagePlan);
    addAnonymousAccess(api, settings);
    if (limitsAddresses(settings)) addAddressLimit(api.deploymentStage, settings);
    this.stage = api.deploymentStage;
    this.url = api.urlForPath('/').replace(/\/$/, '');
  }

  private restApi({ settings }: ServiceContext): RestApi {
    const accessLog = new ServiceLogGroup(this, 'AccessLog', {
      name: `/aws/apigateway/headgate-${settings.stage}/access`,
      settings,
    });
    const api = new RestApi(this, 'RestApi', {
      restApiName: `headgate-${settings.stage}`,
      description: 'Headgate',
      endpointTypes: [EndpointType.REGIONAL],
      apiKeySourceType: ApiKeySourceType.AUTHORIZER,
      cloudWatchRole: true,
      // One role for all APIs of an account and region: removing it with one of them would silence the others.
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLogFormat(),
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
      },
    });
    // The output that comes with it; the stack has its own, with a name that tools can rely on.
    api.node.tryRemoveChild('Endpoint');
    // The gateway would make this group itself, without retention.
    const executionLog = new ServiceLogGroup(this, 'ExecutionLog', {
      name: `API-Gateway-Execution-Logs_${api.restApiId}/${stageName}`,
      settings,
    });
    api.deploymentStage.node.addDependency(executionLog);
    acknowledgeChecks(api);
    if (!limitsAddresses(settings)) acknowledgeNoWebAcl(api);
    return api;
  }
}

/** Who asked for what, and how it was answered; never a header, for keys travel in them. */
function accessLogFormat(): AccessLogFormat {
  return AccessLogFormat.custom(
    JSON.stringify({
      time: AccessLogField.contextRequestTime(),
      requestId: AccessLogField.contextRequestId(),
      keyId: AccessLogField.contextAuthorizerPrincipalId(),
      ip: AccessLogField.contextIdentitySourceIp(),
      method: AccessLogField.contextHttpMethod(),
      path: AccessLogField.contextPath(),
      status: AccessLogField.contextStatus(),
      latencyMs: AccessLogField.contextResponseLatency(),
      bytes: AccessLogField.contextResponseLength(),
      error: AccessLogField.contextErrorMessage(),
    }),
  );
}

function acknowledgeChecks(api: RestApi): void {
  Validations.of(api).acknowledge(
    {
      id: 'AwsSolutions-APIG2',
      reason: "Handlers validate every request: they list each problem in its family's shape, which the gateway can't.",
    },
    {
      id: 'AwsSolutions-COG4',
      reason: 'Callers are programs with API keys, checked by the request authorizer; there is no user pool.',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      reason: 'An account-wide role that API Gateway accepts only with these very permissions.',
    },
  );
}

function acknowledgeNoWebAcl(api: RestApi): void {
  Validations.of(api).acknowledge({
    id: 'AwsSolutions-APIG3',
    reason:
      'A web ACL costs money while nothing happens; keys, throttle and quota stand in its place, ' +
      'until setting wafRequestsPer5Minutes asks for one.',
  });
}
