import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { featureFlags } from '../../lib/feature-flags.ts';
import { buildHeadgate } from '../../lib/headgate.ts';
import { readSettings } from '../../lib/settings.ts';
import type { Properties } from './properties.ts';

export type Resource = {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
};
export type Synthesized = {
  readonly state: StackTemplate;
  readonly service: StackTemplate;
  /** Warnings of cdk-nag, of the CDK's annotations and of its own rules. */
  readonly warnings: readonly string[];
};
type StackTemplate = {
  readonly terminationProtection: boolean;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: readonly string[];
  ofType(type: string): Resource[];
};

/**
 * The templates of a stage as `cdk synth` makes them, only with stand-ins for the functions' code. Throws what synth
 * fails with: every error of cdk-nag, and with `validate` those of the CDK's own rules, which take seconds to load.
 */
export function synthesize(
  context: Record<string, unknown>,
  { validate = false, extend = (_: App) => {}, leftOut = [] as readonly string[] } = {},
): Synthesized {
  process.env.CDK_VALIDATION = String(validate);
  const app = new App({ context: { ...featureFlags, 'aws:cdk:bundling-stacks': [], ...context } });
  const code = () => Code.fromInline('exports.handler = async () => ({});');
  const stacks = buildHeadgate(app, readSettings(app.node), code, { leftOut });
  extend(app);
  const assembly = app.synth();
  const template = (stack: Stack): StackTemplate => {
    const { Resources, Outputs = {} } = assembly.getStackArtifact(stack.artifactId).template;
    return {
      terminationProtection: stack.terminationProtection,
      resources: Resources,
      outputs: Object.keys(Outputs),
      ofType: (type) => Object.values<Resource>(Resources).filter((resource) => resource.Type === type),
    };
  };
  return { state: template(stacks.state), service: template(stacks.service), warnings: warningsIn(assembly.directory) };
}

type Violation = { readonly ruleName: string; readonly violatingConstructs?: readonly { constructPath?: string }[] };

function warningsIn(directory: string): string[] {
  const report: { pluginReports: { violations: Violation[] }[] } = JSON.parse(
    readFileSync(join(directory, 'validation-report.json'), 'utf8'),
  );
  return report.pluginReports
    .flatMap((plugin) => plugin.violations)
    .map(({ ruleName, violatingConstructs = [] }) => `${ruleName} ${violatingConstructs[0]?.constructPath}`);
}
