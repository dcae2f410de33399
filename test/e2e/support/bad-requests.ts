import { smallestDefinition } from '../../support/wrapper-definition.ts';
import type { RawRequest } from './raw-request.ts';

/** What is wrong with it, the request, and the status that it is answered with. */
type BadRequest = readonly [what: string, request: RawRequest, status: number];

const tooLarge = 'x'.repeat(11 * 1024 * 1024);
const lists = (many: number) => '['.repeat(many);
const nested = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

/** Bodies that no route takes. */
function badBodies(method: string, path: string): BadRequest[] {
  const as = (type: string, body: string): RawRequest => ({ method, path, headers: { 'content-type': type }, body });
  return [
    ['a body that is no JSON', { method, path, body: '{"name": ' }, 400],
    ['no body', { method, path }, 400],
    ['a body of another kind', as('application/xml', '<a/>'), 400],
    ['a form', as('application/x-www-form-urlencoded', 'name=a&b=c'), 400],
    ['a body of zero bytes', { method, path, body: '\0\0\0' }, 400],
    ['a list', { method, path, body: '[]' }, 400],
    ['text', { method, path, body: '"text"' }, 400],
    ['null', { method, path, body: 'null' }, 400],
    ['100,000 lists in each other', { method, path, body: lists(1e5) + ']'.repeat(1e5) }, 400],
    ['100,000 lists that never end', { method, path, body: lists(1e5) }, 400],
    ['a body of 11 MB', { method, path, body: tooLarge }, 413],
  ];
}

/** Ways to write the last part of a path that lead nowhere else; `status`: for what could be an id. */
function oddPaths(parent: string, status: number, method = 'GET'): BadRequest[] {
  const of = (what: string, last: string, answer = status): BadRequest => [
    `${method} with ${what}`,
    { method, path: `${parent}/${last}` },
    answer,
  ];
  return [
    of('..', '..'),
    of('../..', '../../keys', 404),
    of('%2e%2e', '%2e%2e'),
    of('%2e%2e in the middle', '%2e%2e/wrappers', 404),
    of('an encoded slash', 'a%2fhealth'),
    of('an encoded backslash', '..%5c..%5cetc'),
    of('a slash encoded twice', '%252e%252e%252fetc'),
    of('two slashes', '/a', 404),
    of('a zero byte in an id', 'a%00b'),
    of('line ends in an id', 'a%0d%0aX-Injected:%20b'),
    of('an id that is not encoded right', '%zz'),
    of('__proto__ for an id', '__proto__'),
    of('constructor for an id', 'constructor'),
  ];
}

/** A list's parameters that make no sense. */
function badPages(path: string): BadRequest[] {
  const of = (what: string, query: string): BadRequest => [what, { path: `${path}?${query}` }, 400];
  return [
    of('a limit that is none', 'limit=abc'),
    of('a limit of 0', 'limit=0'),
    of('a limit of 1e99', 'limit=1e99'),
    of('a limit that is not encoded right', 'limit=%zz'),
    of('a cursor that is none', 'cursor=%00%ff'),
    of('a cursor of 5,000 characters', `cursor=${'a'.repeat(5000)}`),
    of('a parameter that there is not', 'colour=red'),
    of('a parameter called __proto__', '__proto__=1'),
    of('a parameter given twice', 'limit=1&limit=x'),
  ];
}

const wrappers = '/resources/wrappers';
const create = (more: object): RawRequest => ({
  method: 'POST',
  path: wrappers,
  body: JSON.stringify({ ...smallestDefinition, ...more }),
});
const sendingTo = (headers: object) => create({ destination: { ...smallestDefinition.destination, headers } });

export const toWrappers: readonly BadRequest[] = [
  ...badBodies('POST', wrappers),
  ...badPages(wrappers),
  ...oddPaths(wrappers, 404),
  ['objects nested deeper than is allowed', create({ metadata: nested(100) }), 400],
  ['a definition of more than 256 KB', create({ metadata: { a: 'x'.repeat(300_000) } }), 400],
  ['a name with control characters', create({ name: 'a\u0000\u001b[31mb' }), 400],
  ['a header that would become two', sendingTo({ 'X-A': 'b\r\nX-C: d' }), 400],
  ['a header name that would become two', sendingTo({ 'X-A: b\r\nX-C': 'd' }), 400],
  ['two keys', { path: wrappers, headers: { authorization: ['Bearer a', 'Bearer b'] } }, 401],
  ['two slashes within', { path: '/resources//wrappers' }, 404],
  ['two slashes at the front', { path: `/${wrappers}` }, 404],
  ['an id of 5,000 characters', { path: `${wrappers}/${'a'.repeat(5000)}` }, 404],
  ['.. for an id, to be executed', { method: 'POST', path: `${wrappers}/../execute` }, 400],
  ['another method', { method: 'PROPFIND', path: wrappers }, 404],
];

const records = '/v1/records';
const health = '/v1/health';

export const toFeeds: readonly BadRequest[] = [
  ...badPages(records),
  ...oddPaths(health, 404),
  ['an adapter that there is not', { path: `${records}?adapter_id=__proto__` }, 400],
  ['a jurisdiction of 5,000 characters', { path: `${records}?jurisdiction=${'a'.repeat(5000)}` }, 400],
  ['a time that is none', { path: `${records}?updated_since=yesterday` }, 400],
  ['a time without a zone', { path: `${records}?updated_since=2026-03-03T10:35:22` }, 400],
  ['a time with line ends', { path: `${records}?updated_since=2026-03-03T10:35:22Z%0d%0a` }, 400],
  ['a parameter where there are none', { path: `${health}?limit=1` }, 400],
  ['an id of 5,000 characters', { path: `${health}/${'a'.repeat(5000)}` }, 404],
  ['a key that is none', { path: health, headers: { authorization: 'Bearer \u00ff' } }, 401],
  ['two keys', { path: records, headers: { authorization: ['Bearer a', 'Bearer b'] } }, 401],
  ['a body of 11 MB', { path: records, headers: { 'content-length': `${tooLarge.length}` }, body: tooLarge }, 413],
  ['another method', { method: 'POST', path: records, body: '{}' }, 404],
];

const keys = '/api/keys';
const createKey = (key: object): RawRequest => ({ method: 'POST', path: keys, body: JSON.stringify(key) });
const named = (more: object) => createKey({ name: 'test', ...more });

export const toSystem: readonly BadRequest[] = [
  ...badBodies('POST', keys),
  ...badPages(keys),
  ...oddPaths(keys, 404, 'DELETE'),
  ['a key with control characters in its name', createKey({ name: 'a\u0000\u001b[31mb' }), 400],
  ['a key whose name is half a character', createKey({ name: '\ud800' }), 400],
  ['a key with a name of 5,000 characters', createKey({ name: 'a'.repeat(5000) }), 400],
  ['a key with a scope that there is not', named({ scopes: ['wrappers:*'] }), 400],
  ['a key with 100,000 scopes', named({ scopes: Array(1e5).fill('wrappers:read') }), 400],
  ['a key with a role and scopes', named({ role: 'read', scopes: ['wrappers:read'] }), 400],
  ['a key called constructor for a role', named({ role: 'constructor' }), 400],
  ['a key that is limited to ..', named({ wrapper_ids: ['..'] }), 400],
  ['a key that is limited to *', named({ wrapper_ids: ['*'] }), 400],
  ['a key that is limited to 100,000 wrappers', named({ wrapper_ids: Array(1e5).fill('a') }), 400],
  ['a key that has expired', named({ expires_at: '2000-01-01T00:00:00Z' }), 400],
  ['a key that expires at no time', named({ expires_at: '+275760-09-13T00:00:01Z' }), 400],
  ['a key with its own id', named({ key_id: 'a' }), 400],
  ['a key nested deeper than is allowed', named({ expires_at: nested(100) }), 400],
  ['a parameter where there are none', { ...named({}), path: `${keys}?role=admin` }, 400],
  ['an id of 5,000 characters', { method: 'DELETE', path: `${keys}/${'a'.repeat(5000)}` }, 400],
  ['.. for an id, to be rotated', { method: 'POST', path: `${keys}/../rotate` }, 404],
  ['two keys', { path: keys, headers: { authorization: ['Bearer a', 'Bearer b'] } }, 401],
  ['another method', { method: 'PUT', path: keys, body: '{}' }, 404],
  ['a way out of health', { path: '/api/health/../keys' }, 404],
  ['an encoded way out of health', { path: '/api/health/%2e%2e%2fkeys' }, 404],
];
