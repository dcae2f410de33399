import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type StoredObject = {
  readonly key: string;
  /** MD5 in hex, quoted, as S3 does for a single PUT. */
  readonly etag: string;
  readonly size: number;
  readonly lastModified: string;
  /** Headers given at PUT that come back at GET. */
  readonly headers: { readonly [name: string]: string };
  /** Name of the file that holds the bytes. */
  readonly body: string;
};

/** One bucket on disk. */
export type ObjectStore = {
  find(key: string): StoredObject | undefined;
  /** Keys in the order of their UTF-8 bytes. */
  keys(): readonly string[];
  /** Stores all or nothing; `admit` is asked at the last moment and throws when the object may no longer be replaced. */
  write(
    key: string,
    bytes: AsyncIterable<Buffer>,
    headers: StoredObject['headers'],
    admit: (present: StoredObject | undefined) => void,
  ): Promise<StoredObject>;
  /** `end` is exclusive. */
  read(object: StoredObject, start: number, end: number): Readable;
  remove(key: string): Promise<void>;
};

/**
 * Bytes in files named at random, and one small JSON file per key that points to them. Renaming that file is the
 * commit: killed at any instant, the store holds the old object or the new one. Readers of a replaced object keep
 * its open file and finish undisturbed.
 */
export function objectStore(directory: string, now: () => number): ObjectStore {
  const bodies = join(directory, 'bodies');
  const index = join(directory, 'index');
  for (const path of [bodies, index]) mkdirSync(path, { recursive: true });
  const objects = loadIndex(index);
  sweep(bodies, new Set([...objects.values()].map((object) => object.body)));
  const indexFile = (key: string) => join(index, `${createHash('sha256').update(key).digest('hex')}.json`);

  return {
    find: (key) => objects.get(key),
    keys: () => [...objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    async write(key, bytes, headers, admit) {
      const body = randomUUID();
      const file = join(bodies, body);
      try {
        const { md5, size } = await saveBytes(bytes, file);
        const object = { key, etag: `"${md5}"`, size, lastModified: new Date(now()).toISOString(), headers, body };
        await writeFile(`${file}.json`, JSON.stringify(object));
        const replaced = objects.get(key);
        admit(replaced);
        // Synchronous up to here from `admit` on: no other request comes in between.
        renameSync(`${file}.json`, indexFile(key));
        objects.set(key, object);
        if (replaced !== undefined) await rm(join(bodies, replaced.body), { force: true });
        return object;
      } catch (error) {
        await Promise.all([rm(file, { force: true }), rm(`${file}.json`, { force: true })]);
        throw error;
      }
    },
    read: (object, start, end) =>
      createReadStream(join(bodies, object.body), { start, end: end - 1, highWaterMark: 256 * 1024 }),
    async remove(key) {
      const object = objects.get(key);
      if (object === undefined) return;
      objects.delete(key);
      rmSync(indexFile(key), { force: true });
      await rm(join(bodies, object.body), { force: true });
    },
  };
}

function loadIndex(index: string): Map<string, StoredObject> {
  const objects = new Map<string, StoredObject>();
  for (const name of readdirSync(index)) {
    const object = JSON.parse(readFileSync(join(index, name), 'utf8')) as StoredObject;
    objects.set(object.key, object);
  }
  return objects;
}

/** Removes what an interrupted PUT left behind. */
function sweep(bodies: string, wanted: ReadonlySet<string>): void {
  for (const name of readdirSync(bodies)) {
    if (!wanted.has(name)) rmSync(join(bodies, name), { force: true });
  }
}

async function saveBytes(bytes: AsyncIterable<Buffer>, file: string): Promise<{ md5: string; size: number }> {
  const hash = createHash('md5');
  let size = 0;
  await pipeline(
    bytes,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return { md5: hash.digest('hex'), size };
}
