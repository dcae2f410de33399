import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { LambdaCode } from './constructs/lambda-bundle.ts';
import type { AdapterRegistry } from './polling/adapter-registry.ts';
import { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import { StateStack } from './state-stack.ts';

/** Builds the stacks of a stage; a broken AwsSolutions rule fails the synthesis. */
export function buildHeadgate(
  app: App,
  settings: Settings,
  code: LambdaCode,
  adapters: Pick<AdapterRegistry, 'leftOut'>,
): { readonly state: StateStack; readonly service: ServiceStack } {
  const state = new StateStack(app, settings);
  const service = new ServiceStack(app, { settings, state, code, adapters });
  Tags.of(app).add('headgate:stage', settings.stage);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return { state, service };
}
