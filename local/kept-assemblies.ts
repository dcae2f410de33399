import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isAlive } from './is-alive.ts';

/** Each takes about 100 MB, and the tests build a handful. */
const KEPT = 6;

/**
 * Says that this process uses the assembly, until it ends: `prune` leaves it alone, also when its functions are started
 * late.
 */
export async function useAssembly(directory: string): Promise<void> {
  const now = new Date();
  await writeFile(`${directory}.${process.pid}.used`, '');
  // There is nothing to touch before it is built.
  await utimes(directory, now, now).catch(() => undefined);
}

/**
 * Removes all but the assemblies used last, those that living processes use, and what living processes are building.
 * In the folder are assemblies, `<name>`, builds under way, `<name>.<pid>`, and marks of use, `<name>.<pid>.used`.
 */
export async function pruneAssemblies(folder: string, kept = KEPT): Promise<void> {
  const entries = (await readdir(folder)).map((entry) => {
    const [name = '', pid] = entry.split('.');
    return { entry, name, pid: pid === undefined ? undefined : Number(pid) };
  });
  const isDone = ({ pid }: { pid: number | undefined }) => pid !== undefined && !isAlive(pid);
  const inUse = new Set(entries.filter(({ pid }) => pid !== undefined && isAlive(pid)).map(({ name }) => name));
  const built = await Promise.all(
    entries
      .filter(({ pid }) => pid === undefined)
      .map(async ({ entry }) => ({ entry, usedAt: await usedAt(path.join(folder, entry)) })),
  );
  const old = built
    .sort((a, b) => b.usedAt - a.usedAt)
    .slice(kept)
    .filter(({ entry }) => !inUse.has(entry));
  const removed = [...old, ...entries.filter(isDone)];
  await Promise.all(removed.map(({ entry }) => rm(path.join(folder, entry), { recursive: true, force: true })));
}

/** Another process may be removing it too. */
async function usedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
