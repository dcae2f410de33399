import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { bundleLambdas } from '../lib/constructs/lambda-bundle.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { buildHeadgate } from '../lib/headgate.ts';
import { SettingsError } from '../lib/settings.ts';

// Own folder for each process, so that two may synthesize at once; the assembly has its copy when the stacks are built.
const folder = `dist/lambdas-${process.pid}`;
try {
  buildHeadgate(new App({ context: featureFlags }), await bundleLambdas(folder));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
