import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { bundleLambdas } from '../lib/constructs/lambda-bundle.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { buildHeadgate } from '../lib/headgate.ts';
import { readAdapterRegistry } from '../lib/polling/adapter-registry.ts';
import { readSettings } from '../lib/settings.ts';

const app = new App({ context: featureFlags });
const settings = readSettings(app.node);
const adapters = await readAdapterRegistry(settings);
// Own folder for each process, so that two may synthesize at once; the assembly has its copy when the stacks are built.
const folder = `dist/lambdas-${process.pid}`;
try {
  buildHeadgate(app, settings, await bundleLambdas(folder, settings.adapters), adapters);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
