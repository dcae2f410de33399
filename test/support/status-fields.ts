import { expect } from '@jest/globals';

const text = expect.any(String);
const count = expect.any(Number);
/** Such as `2h30m`, `3d 4h`, `15s ago`. */
const uptime = expect.stringMatching(/^(\d+h\d+m|\d+m\d+s|\d+s)$/);
const age = expect.stringMatching(/^(\d+d \d+h|\d+h \d+m|\d+m|\d+s)$/);
const ago = expect.stringMatching(/^(\d+d \d+h|\d+h \d+m|\d+m|\d+s) ago$/);

type Fields = Readonly<Record<string, unknown>>;

/** What existing clients read of a status: each object has these keys and no others, those that end in `?` perhaps. */
const fields = {
  status: {
    status: expect.stringMatching(/^(ok|degraded)$/),
    components: expect.any(Object),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    uptime,
    'nats?': expect.any(Object),
    'streams?': expect.any(Array),
    'kv_buckets?': expect.any(Array),
    'object_stores?': expect.any(Array),
    'jobs?': expect.any(Object),
    'agents?': expect.any(Object),
    'consumers?': expect.any(Object),
    registry: expect.any(Array),
  },
  component: { status: expect.stringMatching(/^(ok|error|disabled)$/), 'error?': text, 'address?': text },
  nats: { url: expect.stringMatching(/^https:\/\//), version: text },
  stream: { name: text, messages: count, bytes: count, consumers: count },
  kvBucket: { name: text, keys: count, bytes: count },
  objectStore: { name: text, size: count },
  jobs: { total: count, unprocessed: count, processing: count, completed: count, failed: count, dlq: count },
  agents: { total: count, ready: count, 'agents?': expect.any(Array) },
  agent: { hostname: text, 'labels?': text, registered: ago },
  consumers: { total: count, 'consumers?': expect.any(Array) },
  consumer: { name: text, pending: count, ack_pending: count, redelivered: count },
  row: {
    type: expect.stringMatching(/^(agent|api|nats)$/),
    hostname: text,
    status: 'Ready',
    'conditions?': expect.any(Array),
    age,
    cpu_percent: count,
    mem_bytes: count,
  },
} as const satisfies Readonly<Record<string, Fields>>;

/** Compares the parsed body of a status with the field table, through and through. */
// biome-ignore lint/suspicious/noExplicitAny: a body under test has whatever shape it has
export function expectStatusFields(body: any): void {
  expectFields(body, fields.status);
  expectEach(Object.values(body.components), fields.component);
  expectFields(body.nats, fields.nats);
  expectEach(body.streams, fields.stream);
  expectEach(body.kv_buckets, fields.kvBucket);
  expectEach(body.object_stores, fields.objectStore);
  expectFields(body.jobs, fields.jobs);
  expectFields(body.agents, fields.agents);
  expectEach(body.agents?.agents, fields.agent);
  expectFields(body.consumers, fields.consumers);
  expectEach(body.consumers?.consumers, fields.consumer);
  expectEach(body.registry, fields.row);
  expect(JSON.stringify(body)).not.toMatch(/null|\[\]/);
}

function expectEach(values: readonly Fields[] | undefined, table: Fields): void {
  for (const value of values ?? []) expectFields(value, table);
}

/** Undefined is what was left out. */
function expectFields(value: Fields | undefined, table: Fields): void {
  if (value === undefined) return;
  const expected = Object.entries(table).flatMap(([field, is]): [string, unknown][] => {
    const name = field.replace('?', '');
    return field === name || name in value ? [[name, is]] : [];
  });
  expect(value).toEqual(Object.fromEntries(expected));
}
