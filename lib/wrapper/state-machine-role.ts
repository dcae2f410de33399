import { Validations } from 'aws-cdk-lib';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { RunFunctions } from './run-functions.ts';

/**
 * What the state machine itself may do. Written out, and closed to the additions that its tasks would make: those
 * allow every version and alias of a function, of which there are none.
 */
export function stateMachineRole(scope: Construct, { runSlice, handOverRun, recordCrash }: RunFunctions): IRole {
  const functionArns = [runSlice, handOverRun, recordCrash].map((fn) => fn.function.functionArn);
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('states.amazonaws.com'),
    description: 'Of the state machine that runs wrappers',
    inlinePolicies: {
      invoke: allow(['lambda:InvokeFunction'], functionArns),
      log: allow(
        [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        ['*'],
      ),
      trace: allow(
        ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
        ['*'],
      ),
    },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Log deliveries and X-Ray segments have no ARN to name: IAM knows these actions only on all resources.',
  });
  return role.withoutPolicyUpdates();
}

function allow(actions: string[], resources: string[]): PolicyDocument {
  return new PolicyDocument({ statements: [new PolicyStatement({ actions, resources })] });
}
