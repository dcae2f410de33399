import { WrapperDefinition } from '../../lambdas/contracts/wrapper-definition.ts';

/** The smallest definition there is, with its defaults filled in. */
export function wrapperDefinition(overrides: Record<string, unknown> = {}): WrapperDefinition {
  return WrapperDefinition.parse({ ...smallestDefinition, ...overrides });
}

/** What is shown of a wrapper of it that was just created, but for its id and its times: every key, absent values as null. */
export const smallestView = {
  name: 'stations',
  metadata: null,
  source: { type: 'CSV', location: { url: 'https://example.com/stations.csv' } },
  mapping: null,
  destination: { type: 'http', url: 'https://example.com/points' },
  mode: 'once',
  interval_seconds: 300,
  batch_size: 500,
  stall_after_seconds: null,
  max_quarantined: 1000,
  status: 'pending',
  error_message: null,
  execution_log: [],
  last_data_sent: null,
  data_points_count: 0,
  checkpoint: null,
};

/** As a user writes it. */
export const smallestDefinition = {
  name: 'stations',
  source: { type: 'CSV', location: { url: 'https://example.com/stations.csv' } },
  destination: { type: 'http', url: 'https://example.com/points' },
};
