import { App } from 'aws-cdk-lib';
import { bundleLambdas } from '../lib/constructs/lambda-bundle.ts';
import { buildHeadgate } from '../lib/headgate.ts';

buildHeadgate(new App(), await bundleLambdas('dist/lambdas'));
