import type { Destination } from '../domain/destination.ts';
import type { DestinationPorts } from './ports.ts';
import type { S3DestinationConfig } from './s3-config.ts';

/**
 * Writes each batch as one NDJSON object, one point a line. The key is made from the batch id, so a batch that is
 * sent again replaces itself: the bucket holds every point once, however often a run was interrupted.
 */
export function s3Destination(config: S3DestinationConfig, ports: Pick<DestinationPorts, 'put'>): Destination {
  return {
    async send(batch, signal) {
      const body = batch.points.map((point) => `${point.json}\n`).join('');
      const answer = await ports.put({
        bucket: config.bucket,
        key: `${folder(config.prefix)}${batch.wrapperId}/${batch.batchId}.ndjson`,
        body,
        contentType: 'application/x-ndjson',
        signal,
      });
      if ('stored' in answer) return { outcome: 'accepted', bytes: Buffer.byteLength(body) };
      return answer.mendable
        ? { outcome: 'retryable', reason: `destination did not store: ${answer.notStored}` }
        : { outcome: 'refused', reason: `destination refused: ${answer.notStored}` };
    },
  };
}

function folder(prefix: string | null | undefined): string {
  return prefix === undefined || prefix === null || prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
}
