import { randomBytes, randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { operator } from '../../lambdas/contracts/operator.ts';
import type { RouteFunctionName } from '../../lambdas/contracts/scopes.ts';
import { authenticator } from '../../lambdas/domain/access/authenticator.ts';
import { createKey } from '../../lambdas/domain/access/manage-keys.ts';
import { useNoter } from '../../lambdas/domain/access/use-noter.ts';
import { newRunState } from '../../lambdas/domain/run/run-state.ts';
import { requestAuthorizer } from '../../lambdas/platform/access/request-authorizer.ts';
import { runSettingsOf, wrapperStore } from '../../lambdas/platform/wrappers/wrapper-store.ts';
import type { Route } from '../../lib/api/routes.ts';
import { kebabCase } from '../../lib/constructs/kebab-case.ts';
import { feedsTables } from './feeds/feeds-tables.ts';
import { heartbeatsTable } from './heartbeats-table.ts';
import { memoryKeys } from './memory-keys.ts';
import { startTables } from './start-tables.ts';
import { webServer } from './web-server.ts';
import { smallestDefinition, wrapperDefinition } from './wrapper-definition.ts';
import { wrappersTable } from './wrappers-table.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;
export type Answer = { readonly status: number; readonly body: Record<string, unknown> | undefined };
type Headers = Readonly<Record<string, string>>;
/** A request to a route, with what fills the places in its path. */
export type Asked = { readonly route: Route; readonly wrapperId: string; readonly headers: Headers };

const keysTable = {
  name: 'keys',
  AttributeDefinitions: [{ AttributeName: 'key_id', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'key_id', KeyType: 'HASH' as const }],
};

/** The authorizer and the handlers of all routes in this process, over tables of their own; other services refuse. */
export async function startAccessWorld() {
  const tables = await startTables([wrappersTable, ...feedsTables, keysTable, heartbeatsTable]);
  const refusing = await webServer((_, response) => response.writeHead(400).end('{"message":"no"}'));
  const services = ['S3', 'SFN', 'SQS', 'SCHEDULER', 'API_GATEWAY'].map((name) => [
    `AWS_ENDPOINT_URL_${name}`,
    refusing.url,
  ]);
  Object.assign(process.env, environment, Object.fromEntries(services));
  const clock = { now: Date.now() };
  const memory = memoryKeys();
  const now = () => clock.now;
  const authorize = requestAuthorizer({
    authenticate: authenticator(memory.store, now),
    noteUse: useNoter(memory.store, now),
    anonymousKey: 'nobody',
  });
  const store = wrapperStore(wrappersTable.name);
  /** As the gateway asks: first the authorizer, whose one known failure is 401, here undefined; then the function. */
  const proxied = async ({ route, wrapperId, headers }: Asked): Promise<APIGatewayProxyResult | undefined> => {
    const methodArn = 'arn:aws:execute-api:eu-west-1:123456789012:abc/live/GET/';
    let context: unknown;
    try {
      ({ context } = await authorize({ headers, methodArn, resource: route.path }));
    } catch (error) {
      if ((error as Error).message === 'Unauthorized') return undefined;
      throw error;
    }
    const handler = await handlerOf(route.function);
    return handler(eventOf(route, wrapperId, context), {} as Context);
  };
  return {
    clock,
    keys: { keys: memory.store, gateway: memory.gateway, now, randomBytes },
    createKey: (wanted: Parameters<typeof createKey>[0]) =>
      createKey(wanted, operator, { keys: memory.store, gateway: memory.gateway, now, randomBytes }),
    async createWrapper(): Promise<string> {
      const [wrapperId, definitionId] = [randomUUID(), randomUUID()];
      const definition = wrapperDefinition(definitionOfUpload);
      await store.definitions.put(wrapperId, definitionId, definition);
      await store.states.create(newRunState(wrapperId, runSettingsOf(definitionId, definition), Date.now()));
      return wrapperId;
    },
    proxied,
    async ask(asked: Asked): Promise<Answer> {
      const answer = await proxied(asked);
      if (answer === undefined) return { status: 401, body: undefined };
      const { statusCode, body } = answer;
      return { status: statusCode, body: body === '' ? undefined : JSON.parse(body) };
    },
    async close() {
      await refusing.close();
      await tables.close();
    },
  };
}

const environment = {
  WRAPPERS_TABLE: wrappersTable.name,
  FEEDS_TABLE: 'feeds',
  RECORDS_TABLE: 'records',
  KEYS_TABLE: keysTable.name,
  USAGE_PLAN: 'headgate-test',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:runs',
  LEASE_SECONDS: '60',
  SEND_SECONDS: '15',
  MARGIN_SECONDS: '2',
  EXECUTE_WAIT_SECONDS: '1',
  FILES_BUCKET: 'files',
  UPLOAD_LIMIT_BYTES: '1000',
  ALLOWED_HOSTS: '',
  ALLOWED_PORTS: '443',
  READ_BUCKETS: '',
  SECRETS_PREFIX: 'headgate/test/',
  ADAPTER_SECRETS: '',
  POLL_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/polls',
  POLL_DEAD_LETTERS_URL: 'https://sqs.us-east-1.amazonaws.com/000000000000/dead',
  DISPATCHER_SCHEDULE: 'dispatcher',
  RECONCILER_SCHEDULE: 'reconciler',
  HEARTBEATS_TABLE: heartbeatsTable.name,
  VERSION: '0.0.0',
};

const definitionOfUpload = { source: { type: 'CSV', location: { file_id: randomUUID() } } };
const definition = { ...smallestDefinition, ...definitionOfUpload };
const bodies: Partial<Record<RouteFunctionName, unknown>> = {
  createWrapper: definition,
  updateWrapper: definition,
  previewDefinition: definition,
  createUpload: { filename: 'a.csv', size: 1 },
  inferWrapper: { file_id: randomUUID() },
  setCheckpoint: { id: 'cp-1' },
};

async function handlerOf(name: RouteFunctionName): Promise<Handler> {
  return (await import(`../../lambdas/handlers/api/${kebabCase(name)}.ts`)).handler;
}

function eventOf({ method, path, function: name }: Route, wrapperId: string, context: unknown): APIGatewayProxyEvent {
  const body = bodies[name];
  const places = { wrapper_id: wrapperId, execution_id: `${wrapperId}-1`, adapterId: 'none', key_id: 'none' };
  return {
    httpMethod: method,
    path,
    resource: path,
    headers: { Prefer: 'respond-async' },
    queryStringParameters: null,
    pathParameters: Object.fromEntries(Object.entries(places).filter(([place]) => path.includes(`{${place}}`))),
    body: body === undefined ? null : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1', path, authorizer: context },
  } as unknown as APIGatewayProxyEvent;
}
