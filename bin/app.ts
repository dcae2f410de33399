import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { bundleLambdas } from '../lib/constructs/lambda-bundle.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { buildHeadgate } from '../lib/headgate.ts';
import { readAdapterRegistry } from '../lib/polling/adapter-registry.ts';
import { readSettings, SettingsError } from '../lib/settings.ts';

// Own folder for each process, so that two may synthesize at once; the assembly has its copy when the stacks are built.
const folder = `dist/lambdas-${process.pid}`;
try {
  const app = new App({ context: featureFlags });
  const settings = readSettings(app.node);
  const adapters = await readAdapterRegistry(settings);
  buildHeadgate(app, settings, await bundleLambdas(folder, settings.adapters), adapters);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
