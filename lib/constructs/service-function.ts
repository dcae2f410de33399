import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName, VariablesOf } from '../../lambdas/contracts/environments.ts';
import { registryTypeOf } from '../../lambdas/contracts/registry-type.ts';
import type { Settings } from '../settings.ts';
import { dropDependsOn } from './drop-depends-on.ts';
import { kebabCase } from './kebab-case.ts';
import type { LambdaCode } from './lambda-bundle.ts';
import { ServiceLogGroup } from './service-log-group.ts';

export type ServiceFunctionProps<Name extends FunctionName> = {
  readonly name: Name;
  /** One sentence for the console: what the function is for. */
  readonly purpose: string;
  readonly code: LambdaCode;
  readonly settings: Settings;
  /** Where it shows that it lives, unless its contract is to write nothing. */
  readonly heartbeats: ITable;
  /** Exactly the variables of the function's schema in `lambdas/contracts/environments.ts`: one forgotten fails the build. */
  readonly environment: VariablesOf<Name>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** For Node itself, besides readable stack traces. */
  readonly nodeOptions?: string;
};

/** A function of the service: own log group, own role that may write there and its heartbeats, until `may` says more. */
export class ServiceFunction<Name extends FunctionName = FunctionName> extends Construct {
  readonly function: IFunction;
  readonly timeoutSeconds: number;
  private readonly role: Role;
  private readonly allowed = new PolicyDocument();

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Name>) {
    super(scope, id);
    const functionName = `headgate-${props.settings.stage}-${kebabCase(props.name)}`;
    const logGroup = new ServiceLogGroup(this, 'Logs', {
      name: `/aws/lambda/${functionName}`,
      settings: props.settings,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Of function ${functionName}`,
      inlinePolicies: { allowed: this.allowed },
    });
    this.may(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn);
    const beats = registryTypeOf(props.name) !== undefined;
    if (beats) this.may(['dynamodb:PutItem'], props.heartbeats.tableArn);
    this.timeoutSeconds = props.timeoutSeconds;
    const lambda = new LambdaFunction(this, 'Function', {
      functionName,
      description: props.purpose,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code(props.name),
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMegabytes,
      environment: {
        ...props.environment,
        ...(beats && { HEARTBEATS_TABLE: props.heartbeats.tableName }),
        NODE_OPTIONS: ['--enable-source-maps', props.nodeOptions ?? ''].join(' ').trim(),
        DEPLOYMENT: `headgate-${props.settings.stage}`,
        POWERTOOLS_SERVICE_NAME: kebabCase(props.name),
        POWERTOOLS_LOG_LEVEL: props.settings.logLevel,
        // Metrics are paid for each month, also by a deployment that nobody watches.
        POWERTOOLS_METRICS_DISABLED: String(!props.settings.monitoring),
      },
    });
    dropDependsOn(lambda);
    this.function = lambda;
  }

  /** Adds to what the function may do: exactly these actions on exactly these resources. */
  may(actions: readonly string[], ...resources: readonly string[]): void {
    this.allowed.addStatements(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }

  /** For a resource that comes after the function, because it leads to it: a policy that nothing waits for. */
  mayLater(id: string, actions: readonly string[], resource: string): void {
    const statements = [new PolicyStatement({ actions: [...actions], resources: [resource] })];
    new Policy(this, id, { roles: [this.role], statements });
  }
}
