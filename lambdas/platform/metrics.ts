import { Metrics } from '@aws-lambda-powertools/metrics';
import { deployment } from './env.ts';

/**
 * Written to the log in the embedded metric format: no call, no cost but the line. The deployment is the one dimension
 * of all, so that functions count together and stages apart. Never the id of a wrapper or an adapter as another: each
 * value of a dimension is a metric of its own, and is billed as such.
 */
export const metrics = new Metrics({ namespace: 'Headgate', serviceName: deployment() });
