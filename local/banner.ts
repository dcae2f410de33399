import path from 'node:path';
import type { AdapterRegistry } from '../lib/polling/adapter-registry.ts';
import type { Stack } from './stack.ts';

/** What one needs to know of a stack that is ready; paths are shown as seen from `whence`. */
export function banner(stack: Omit<Stack, 'close'>, registry: AdapterRegistry, whence: string): string {
  const { apiUrl, sinkUrl, adminKey, dataDir, feedsMirror, services } = stack;
  const shown = (place: string) => pathFrom(whence, place);
  return `
Headgate is ready at ${apiUrl}
  sink      ${sinkUrl}
  API key   ${adminKey}
  data      ${shown(dataDir)}
  feeds     ${[feedsMirror === '' ? 'live' : `replayed by ${feedsMirror}`, ...feedLines(registry)].join(`\n${INDENT}`)}
  services  DynamoDB ${services.dynamodb}, S3 ${services.s3},
            SQS ${services.sqs}, Step Functions ${services.stepFunctions}, API Gateway ${services.apiGateway}

  export HEADGATE=${apiUrl}/resources/wrappers SINK=${sinkUrl}
  export AUTH="Authorization: Bearer $(cat ${shown(path.join(dataDir, 'api-key'))})"
  curl -s -H "$AUTH" $HEADGATE
  curl -s $SINK/received
  curl -s ${apiUrl}/v1/health
  curl -s '${apiUrl}/v1/records?limit=5'`;
}

const INDENT = ' '.repeat(12);

/** Who is polled how often, and who is not. */
function feedLines({ adapters, leftOut }: AdapterRegistry): string[] {
  const byInterval = [...Map.groupBy(adapters, ({ intervalSeconds }) => intervalSeconds)];
  const polled = byInterval
    .sort(([one], [other]) => one - other)
    .map(([seconds, those]) => `every ${seconds} s: ${those.map(({ id }) => id).join(', ')}`);
  const missing = `left out for want of a key (--set adapterSecrets=adapter=secret): ${leftOut.join(', ')}`;
  return leftOut.length === 0 ? polled : [...polled, missing];
}

/** As the one who gave the command would write it. */
function pathFrom(whence: string, place: string): string {
  const relative = path.relative(whence, place) || '.';
  return relative.startsWith('..') ? path.resolve(place) : relative;
}
