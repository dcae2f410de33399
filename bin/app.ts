import { App } from 'aws-cdk-lib';
import { bundleLambdas } from '../lib/constructs/lambda-bundle.ts';
import { featureFlags } from '../lib/feature-flags.ts';
import { buildHeadgate } from '../lib/headgate.ts';

buildHeadgate(new App({ context: featureFlags }), await bundleLambdas('dist/lambdas'));
