import { S3Error } from './s3-error.ts';

const LONGEST_LINE = 8192;

/**
 * Unwraps the `aws-chunked` encoding that SDKs use to send a checksum after a body they stream: chunks led by their
 * size in hex, then trailing headers, which are put into `trailers` by name in lower case.
 */
export async function* awsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void> {
  const input = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const more = async () => {
    const next = await input.next();
    if (next.done === true) throw new S3Error(400, 'IncompleteBody', 'The request body ended early.');
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
  };
  const line = async () => {
    let end = rest.indexOf('\r\n');
    while (end < 0) {
      if (rest.length > LONGEST_LINE) throw malformed();
      await more();
      end = rest.indexOf('\r\n');
    }
    const text = rest.toString('latin1', 0, end);
    rest = rest.subarray(end + 2);
    return text;
  };

  for (let left = chunkSize(await line()); left > 0; left = chunkSize(await line())) {
    while (left > 0) {
      if (rest.length === 0) await more();
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
    if ((await line()) !== '') throw malformed();
  }
  for (let header = await line(); header !== ''; header = await line()) {
    const [name = '', value = ''] = header.split(/:(.*)/s);
    trailers.set(name.trim().toLowerCase(), value.trim());
  }
}

function chunkSize(text: string): number {
  if (!/^[0-9a-f]{1,12}$/i.test(text)) throw malformed();
  return Number.parseInt(text, 16);
}

function malformed(): S3Error {
  return new S3Error(400, 'InvalidChunkSizeError', 'The body is not well-formed aws-chunked.');
}
