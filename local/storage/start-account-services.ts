import { startAwsJsonService } from './aws-json-service.ts';
import { eventsFile } from './eventbridge/events-file.ts';
import type { Credentials } from './s3/verify-signature.ts';
import { secretsFile } from './secrets/secrets-file.ts';
import { type QueueSpec, startSqs } from './sqs/sqs-server.ts';

export type AccountServicesOptions = {
  /** Secrets and events live here, in `secrets.json` and `events.ndjson`. */
  readonly dataDir: string;
  /** What the names of the deployment's secrets begin with. */
  readonly secretsPrefix: string;
  /** Put into the file where it does not have them, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly queues: readonly QueueSpec[];
  readonly credentials: Credentials;
  readonly log: (line: string) => void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
};

export type AccountServices = {
  readonly secretsUrl: string;
  readonly sqsUrl: string;
  readonly eventBridgeUrl: string;
  close(): Promise<void>;
};

/** What is used of an account besides its tables and buckets, on loopback: secrets, queues and event buses. */
export async function startAccountServices(options: AccountServicesOptions): Promise<AccountServices> {
  const { dataDir, secretsPrefix, secrets: given = {}, queues, credentials, log, now = Date.now } = options;
  const opened: { close(): Promise<void> }[] = [];
  const close = async () => {
    for (const service of opened.splice(0).toReversed()) await service.close();
  };
  try {
    const file = secretsFile(dataDir, secretsPrefix, given);
    const secrets = await startAwsJsonService(file, (line) => log(`secrets: ${line}`));
    opened.push(secrets);
    const events = await startAwsJsonService(eventsFile(dataDir, now), (line) => log(`events: ${line}`));
    opened.push(events);
    const sqs = await startSqs({ queues, credentials });
    opened.push(sqs);
    return { secretsUrl: secrets.url, sqsUrl: sqs.url, eventBridgeUrl: events.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}
