import { describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CreateKeyRequest } from '../../lambdas/contracts/requests.ts';
import { scopes } from '../../lambdas/contracts/scopes.ts';
import { InvalidRequestError } from '../../lambdas/domain/errors.ts';
import { parseRequest } from '../../lambdas/platform/api/parse-request.ts';

const wrapper = '977f6510-4f2e-4c43-9a5e-6f1f6f1f6f1f';
const parse = (body: unknown) =>
  parseRequest(CreateKeyRequest, { body: JSON.stringify(body) } as APIGatewayProxyEvent, 'Invalid key').body;

function problemsOf(body: unknown): string[] {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.issues.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

describe('a key as it is asked for', () => {
  test('may read unless more is said', () => {
    expect(parse({ name: ' ops ' })).toEqual({ name: 'ops', scopes: ['wrappers:read', 'feeds:read', 'health:read'] });
  });

  test('has the scopes of its role, or those that are named, each once', () => {
    expect(parse({ name: 'a', role: 'admin' })).toEqual({ name: 'a', scopes });
    const single = { name: 'a', scopes: ['keys:write', 'keys:write'], wrapper_ids: [wrapper, wrapper] };
    expect(parse(single)).toEqual({ name: 'a', scopes: ['keys:write'], wrapperIds: [wrapper] });
  });

  test('may end at any instant of any offset', () => {
    const expiresAt = Date.parse('2030-01-31T00:00:00Z');
    expect(parse({ name: 'a', expires_at: '2030-01-31T02:00:00+02:00' })).toMatchObject({ expiresAt });
  });

  test.each<[unknown, string]>([
    [{}, 'name: is required'],
    [{ name: ' ' }, 'name: must not be empty'],
    [{ name: 'x'.repeat(101) }, 'name: must have at most 100 characters'],
    [{ name: 'a\u0000b' }, 'name: must not hold control characters'],
    [{ name: 'a\r\nX-Injected: 1' }, 'name: must not hold control characters'],
    [{ name: 'a\u2028b' }, 'name: must not hold control characters'],
    [{ name: 7 }, 'name: must be a string'],
    [{ name: 'a', colour: 'red' }, 'colour: unknown field'],
    [{ name: 'a', secret_hash: 'x' }, 'secret_hash: unknown field'],
    [{ name: 'a', role: 'root' }, 'role: must be one of "read", "write", "admin"'],
    [{ name: 'a', role: 'toString' }, 'role: must be one of "read", "write", "admin"'],
    [{ name: 'a', role: 'read', scopes: ['feeds:read'] }, 'role: can not be given together with scopes'],
    [{ name: 'a', scopes: [] }, 'scopes: must have at least 1 items'],
    [{ name: 'a', scopes: ['*'] }, 'scopes[0]: must be one of "wrappers:read"'],
    [{ name: 'a', wrapper_ids: [] }, 'wrapper_ids: must have at least 1 items'],
    [{ name: 'a', wrapper_ids: Array(10_000).fill('x') }, 'wrapper_ids: must have at most 100 items'],
    [{ name: 'a', wrapper_ids: ['*'] }, 'wrapper_ids[0]: is not a wrapper id'],
    [{ name: 'a', wrapper_ids: [`${wrapper} ${wrapper}`] }, 'wrapper_ids[0]: is not a wrapper id'],
    [{ name: 'a', wrapper_ids: wrapper }, 'wrapper_ids: must be an array'],
    [{ name: 'a', expires_at: 'soon' }, 'expires_at: must be a time such as 2030-01-31T00:00:00Z'],
    [{ name: 'a', expires_at: '2030-01-31' }, 'expires_at: must be a time such as 2030-01-31T00:00:00Z'],
    [{ name: 'a', expires_at: 1_900_000_000 }, 'expires_at: must be a'],
    [[], 'body: must be an object'],
    ['a', 'body: must be an object'],
  ])('%# is refused with one clear problem', (body, problem) => {
    expect(problemsOf(body)).toEqual([expect.stringContaining(problem)]);
  });

  test('is told of every problem at once', () => {
    const problems = problemsOf({ role: 'root', wrapper_ids: [7], expires_at: 'x', colour: 1 });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(
      expect.arrayContaining(['name', 'role', 'wrapper_ids[0]', 'expires_at', 'colour']),
    );
  });
});
