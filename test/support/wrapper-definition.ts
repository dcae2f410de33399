import { WrapperDefinition } from '../../lambdas/contracts/wrapper-definition.ts';

/** The smallest definition there is, with its defaults filled in. */
export function wrapperDefinition(overrides: Record<string, unknown> = {}): WrapperDefinition {
  return WrapperDefinition.parse({ ...smallestDefinition, ...overrides });
}

/** As a user writes it. */
export const smallestDefinition = {
  name: 'stations',
  source: { type: 'CSV', location: { url: 'https://example.com/stations.csv' } },
  destination: { type: 'http', url: 'https://example.com/points' },
};
