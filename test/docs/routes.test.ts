import { expect, test } from '@jest/globals';
import { requiredScopes } from '../../lambdas/contracts/scopes.ts';
import { routes } from '../../lib/api/routes.ts';
import { textOf } from './documents.ts';

test('docs/api.md has every route with its scope, and no other', () => {
  const rows = textOf('docs/api.md').matchAll(/^\| \[`([A-Z]+ \/[^`]+)`\]\(#[a-z-]+\) +\| `([^`]+)` +\|$/gm);
  const documented = [...rows].map(([, route, scope]) => `${route} ${scope}`);
  const deployed = routes.map(
    ({ method, path, function: name }) => `${method} ${path} ${requiredScopes[name] ?? 'none'}`,
  );
  expect(documented.sort()).toEqual(deployed.sort());
});
