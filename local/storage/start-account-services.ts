import { startAwsJsonService } from './aws-json-service.ts';
import { secretsFile } from './secrets/secrets-file.ts';

export type AccountServicesOptions = {
  /** Secrets live here, in `secrets.json`. */
  readonly dataDir: string;
  /** What the names of the deployment's secrets begin with. */
  readonly secretsPrefix: string;
  readonly log: (line: string) => void;
};

export type AccountServices = { readonly secretsUrl: string; close(): Promise<void> };

/** What wrappers use of an account besides its tables and buckets, on loopback: its secrets. */
export async function startAccountServices(options: AccountServicesOptions): Promise<AccountServices> {
  const { dataDir, secretsPrefix, log } = options;
  const secrets = await startAwsJsonService(secretsFile(dataDir, secretsPrefix), (line) => log(`secrets: ${line}`));
  return { secretsUrl: secrets.url, close: secrets.close };
}
