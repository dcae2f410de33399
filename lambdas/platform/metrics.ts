import { Metrics } from '@aws-lambda-powertools/metrics';

/** Written to the log in the embedded metric format: no call, no cost but the line. Never a wrapper's id as a dimension. */
export const metrics = new Metrics({ namespace: 'Headgate' });
