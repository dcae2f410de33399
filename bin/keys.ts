import { parseArgs } from 'node:util';
import { NewKey } from '../lambdas/contracts/new-key.ts';
import { operator } from '../lambdas/contracts/operator.ts';
import { roles } from '../lambdas/contracts/roles.ts';
import { scopes } from '../lambdas/contracts/scopes.ts';
import type { ApiKey } from '../lambdas/domain/access/api-key.ts';
import { forgetEndedKeys } from '../lambdas/domain/access/forget-ended-keys.ts';
import {
  createKey,
  type IssuedKey,
  type KeyDeps,
  listKeys,
  revokeKey,
  rotateKey,
} from '../lambdas/domain/access/manage-keys.ts';
import { issueMessage } from '../lambdas/platform/api/issue-message.ts';
import { keyView } from '../lambdas/platform/views/key-view.ts';
import { openLocalKeys } from '../local/open-keys.ts';
import { findRunningStack } from '../local/running-stack.ts';
import { openDeployedKeys } from './deployed-keys.ts';

const USAGE = `npm run keys -- COMMAND [options]

  create --name NAME    creates a key and prints it, once
    --role ROLE         ${Object.keys(roles).join(', ')}; read if neither role nor scope is given
    --scope SCOPE       instead of a role, as often as needed: ${scopes.join(', ')}
    --wrapper ID        the key may touch this wrapper and no other; as often as needed
    --expires WHEN      90d (days from now) or a time such as 2030-01-31T00:00:00Z
  list                  all keys, one JSON object a line, without secrets
  revoke KEY_ID         for good, within 60 seconds
  rotate KEY_ID         prints a new secret for the key; the old one ends within 60 seconds

Which deployment:
  --stage STAGE         in the account and region of your AWS credentials (default dev)
  --local [--data DIR]  that of a running npm start (default folder .headgate)`;

const options = {
  name: { type: 'string' },
  role: { type: 'string' },
  scope: { type: 'string', multiple: true },
  wrapper: { type: 'string', multiple: true },
  expires: { type: 'string' },
  stage: { type: 'string', default: 'dev' },
  local: { type: 'boolean', default: false },
  data: { type: 'string', default: '.headgate' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseCommand>['values'];
type Command = (keyId: string, values: Values, keys: KeyDeps) => Promise<void>;

const commands: Readonly<Record<string, { readonly takesKey: boolean; readonly run: Command }>> = {
  create: { takesKey: false, run: (_, values, keys) => create(values, keys) },
  list: { takesKey: false, run: (_, __, keys) => showAll(keys) },
  revoke: { takesKey: true, run: (keyId, _, keys) => revoke(keyId, keys) },
  rotate: { takesKey: true, run: async (keyId, _, keys) => show(await rotateKey(keyId, operator, keys)) },
};

try {
  await main();
} catch (error) {
  for (let told: unknown = error; told instanceof Error; told = told.cause) console.error(told.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseCommand();
  if (values.help) return console.log(USAGE);
  const [name = '', keyId = '', ...more] = positionals;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new Error(`${name === '' ? 'no command' : `unknown command: ${name}`}\n\n${USAGE}`);
  if (command.takesKey !== (keyId !== '') || more.length > 0)
    throw new Error(`${name} takes ${command.takesKey ? 'the id of one key' : 'options only'}\n\n${USAGE}`);
  const { keys, close } = values.local
    ? openLocalKeys(await findRunningStack(values.data))
    : await openDeployedKeys(values.stage);
  try {
    await command.run(keyId, values, keys);
  } finally {
    close();
  }
}

function parseCommand() {
  return parseArgs({ options, allowPositionals: true });
}

/** What keeps old keys from being removed is told, and keeps no new one from being made. */
async function create(values: Values, keys: KeyDeps): Promise<void> {
  const wanted = wantedKey(values);
  await forgetEndedKeys(keys).catch((error: Error) => console.error(`Ended keys stay for now: ${error.message}`));
  show(await createKey(wanted, operator, keys));
}

/** By the rules of `POST /api/keys`, in the words of the command line. */
function wantedKey({ name, role, scope, wrapper, expires }: Values) {
  const parsed = NewKey.safeParse(
    {
      name,
      role,
      scopes: scope,
      wrapper_ids: wrapper,
      expires_at: expires === undefined ? undefined : instantOf(expires),
    },
    { reportInput: true },
  );
  if (parsed.success) return parsed.data;
  const flags = new Map([
    ['scopes', 'scope'],
    ['wrapper_ids', 'wrapper'],
    ['expires_at', 'expires'],
  ]);
  const problems = parsed.error.issues.map((issue) => {
    const field = String(issue.path[0]);
    const shorter = field === 'expires_at' ? ', or days from now such as 90d' : '';
    return `--${flags.get(field) ?? field} ${issueMessage(issue)}${shorter}`;
  });
  throw new Error(problems.join('\n'));
}

/** `90d`, or what is a time already. */
function instantOf(when: string): string {
  const days = /^(\d{1,5})d$/.exec(when)?.[1];
  return days === undefined ? when : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
}

async function revoke(keyId: string, keys: KeyDeps): Promise<void> {
  await revokeKey(keyId, operator, keys);
  console.error(`Key ${keyId} is revoked, and opens nothing within 60 seconds.`);
}

function show({ key, token }: IssuedKey): void {
  console.error(`Key ${key.keyId} (${key.name}: ${key.scopes.join(', ')}). It is not shown again:`);
  console.log(token);
}

async function showAll(keys: KeyDeps): Promise<void> {
  const all: ApiKey[] = [...(await listKeys(operator, { limit: Number.POSITIVE_INFINITY }, keys)).keys];
  for (const key of all.sort((one, other) => one.createdAt - other.createdAt))
    console.log(JSON.stringify(keyView(key)));
}
