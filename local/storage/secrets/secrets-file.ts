import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type AwsOperation, ServiceProblem } from '../aws-json-service.ts';

const Request = z.object({ SecretId: z.string() });
const Secrets = z.record(z.string(), z.string());

/**
 * Secrets Manager's `GetSecretValue` from `<data>/secrets.json`, `{"name": "value"}`, which its owner alone can read and
 * edits by hand; a change counts from the next request on. Names are those that wrappers use, without the prefix.
 * @param given put into the file where it does not have them
 */
export function secretsFile(
  dataDir: string,
  prefix: string,
  given: Readonly<Record<string, string>> = {},
): { readonly [name: string]: AwsOperation } {
  const file = path.join(dataDir, 'secrets.json');
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, '{}\n', { mode: 0o600 });
  closeToOthers(file);
  addMissing(file, given);
  return {
    GetSecretValue(input) {
      const { SecretId } = Request.parse(input);
      const secrets = readSecrets(file);
      const name = SecretId.startsWith(prefix) ? SecretId.slice(prefix.length) : undefined;
      if (name === undefined || !Object.hasOwn(secrets, name)) {
        throw new ServiceProblem(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
      }
      return { Name: SecretId, SecretString: secrets[name], VersionStages: ['AWSCURRENT'] };
    },
  };
}

function addMissing(file: string, given: Readonly<Record<string, string>>): void {
  const names = Object.keys(given);
  if (names.length === 0) return;
  const known = readSecrets(file);
  if (names.every((name) => Object.hasOwn(known, name))) return;
  writeFileSync(file, `${JSON.stringify({ ...given, ...known }, null, 2)}\n`);
}

/** Editors may save it as a new file, open to everyone. */
function closeToOthers(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}

/** Its errors never quote the file; their names reach whoever executes. */
function readSecrets(file: string): z.output<typeof Secrets> {
  let content: unknown;
  try {
    closeToOthers(file);
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ServiceProblem(500, 'SecretsFileIsNotJson', `${file} can't be read as JSON`);
  }
  const secrets = Secrets.safeParse(content);
  if (!secrets.success)
    throw new ServiceProblem(500, 'SecretsFileIsNoMapOfTexts', `${file} must hold {"name": "value"}, values as text`);
  return secrets.data;
}
