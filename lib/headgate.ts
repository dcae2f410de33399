import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { LambdaCode } from './constructs/lambda-bundle.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';
import { StateStack } from './state-stack.ts';

/** Builds the stacks of the stage that the context asks for; a broken AwsSolutions rule fails the synthesis. */
export function buildHeadgate(
  app: App,
  code: LambdaCode,
): { readonly state: StateStack; readonly service: ServiceStack } {
  const settings = readSettings(app.node);
  const state = new StateStack(app, settings);
  const service = new ServiceStack(app, settings, state, code);
  Tags.of(app).add('headgate:stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { state, service };
}
