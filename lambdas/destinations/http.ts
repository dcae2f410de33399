import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Delivery, Destination, OutgoingBatch } from '../domain/destination.ts';
import { RetryableError } from '../domain/errors.ts';
import { redactor } from '../domain/redactor.ts';
import type { HttpDestinationConfig } from './http-config.ts';
import { type HttpCredentials, readCredentials, refersToSecrets } from './http-credentials.ts';
import { httpVerdict } from './http-verdict.ts';
import { inParts } from './in-parts.ts';
import type { DestinationPorts } from './ports.ts';
import { signatureHeaders } from './webhook-signature.ts';

type Ports = Pick<DestinationPorts, 'post' | 'secret' | 'now'>;

const compressed = promisify(gzip);
const TOO_LATE: Delivery = { outcome: 'retryable', reason: 'destination was not called in time' };

/**
 * POSTs each batch as one JSON document, under `Idempotency-Key: <batch_id>`, signed and compressed if asked to.
 * `httpVerdict` says what is made of the answers, `inParts` what becomes of a batch that is accepted in part.
 */
export function httpDestination(config: HttpDestinationConfig, ports: Ports): Destination {
  const attempt = async (document: Document, signal: AbortSignal, fresh: boolean) => {
    const credentials = await readCredentials(config, ports.secret, fresh);
    // Whoever is told that an attempt is over may rely on it that nothing is sent any more.
    if (signal.aborted) return { delivery: TOO_LATE, isUnauthorized: false };
    const headers = headersOf(document, credentials, ports.now());
    const answer = await ports.post({ url: config.url, headers, body: document.body, signal });
    const delivery = httpVerdict(answer, {
      points: document.points,
      bytes: Buffer.byteLength(document.body),
      redact: redactor(credentials.confidential),
      now: ports.now,
    });
    return { delivery, isUnauthorized: 'status' in answer && answer.status === 401 };
  };
  return inParts({
    async send(batch, signal) {
      const document = await documentOf(batch, config);
      try {
        const first = await attempt(document, signal, false);
        // A secret may have been rotated since it was last read.
        const again = first.isUnauthorized && refersToSecrets(config);
        return (again ? await attempt(document, signal, true) : first).delivery;
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        return { outcome: 'retryable', reason: `destination can not be called: ${error.message}` };
      }
    },
  });
}

/** A batch as it is sent: `text` is what is signed, `body` what goes over the wire. */
type Document = {
  readonly id: string;
  readonly points: number;
  readonly text: string;
  readonly body: string | Uint8Array;
};

async function documentOf(batch: OutgoingBatch, config: HttpDestinationConfig): Promise<Document> {
  const text = textOf(batch);
  const body = config.gzip ? await compressed(text) : text;
  return { id: batch.batchId, points: batch.points.length, text, body };
}

/** Put together from the points' own text: what is sent again is the same byte for byte. */
function textOf({ wrapperId, executionId, batchId, phase, points }: OutgoingBatch): string {
  const head = JSON.stringify({ wrapper_id: wrapperId, execution_id: executionId, batch_id: batchId, phase });
  return `${head.slice(0, -1)},"data_points":[${points.map((point) => point.json).join(',')}]}`;
}

function headersOf({ id, text, body }: Document, { headers, signingKey }: HttpCredentials, sentAt: number) {
  return {
    ...headers,
    'content-type': 'application/json',
    ...(typeof body !== 'string' && { 'content-encoding': 'gzip' }),
    'idempotency-key': id,
    ...(signingKey && signatureHeaders({ id, text, sentAt }, signingKey)),
  };
}
