import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };

/**
 * Behaviour of the CDK: all that its authors recommend to a new app, and what this one relies on. In code instead of
 * `cdk.json`, so that whoever runs it, the CDK's command line or the local engine, gets the same template.
 */
export const featureFlags = {
  ...recommended,
  // What is built with which construct is nobody's business.
  '@aws-cdk/core:enableAdditionalMetadataCollection': false,
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/core:explicitStackTags': true,
  '@aws-cdk/core:annotationsInValidationReport': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  // A table that the service uses can't be taken away from under it.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
  '@aws-cdk/aws-apigateway:authorizerChangeDeploymentLogicalId': true,
  '@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard': true,
  '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
};
