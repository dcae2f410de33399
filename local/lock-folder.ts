import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './is-alive.ts';

/** A data folder serves one stack at a time. @throws Error naming the process that has it. */
export async function lockFolder(dataDir: string): Promise<{ close(): Promise<void> }> {
  await mkdir(dataDir, { recursive: true });
  const file = path.join(dataDir, 'lock');
  const holder = Number(await readFile(file, 'utf8').catch(() => ''));
  // A container starts every process under the same few numbers: one's own is no other stack's.
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new Error(`${dataDir} is in use by process ${holder}; stop it, or choose another folder with --data`);
  }
  // Left behind by a stack that was killed.
  await rm(file, { force: true });
  const handle = await open(file, 'wx');
  await handle.writeFile(String(process.pid));
  await handle.close();
  return { close: () => rm(file, { force: true }) };
}
