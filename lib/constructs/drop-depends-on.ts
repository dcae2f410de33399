import { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Leaves the order of creation to the references of a resource. The CDK adds its role as a `DependsOn` for policies
 * attached later; here all of a role's permissions are inside it, and cfn-lint rightly calls the rest redundant.
 */
export function dropDependsOn(construct: Construct): void {
  const resource = construct.node.defaultChild;
  if (resource instanceof CfnResource) resource.addDeletionOverride('DependsOn');
}
