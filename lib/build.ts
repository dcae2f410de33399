import { bundleLambdas } from './constructs/lambda-bundle.ts';

await bundleLambdas('dist/lambdas');
