import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { settingsOf } from '../lib/settings.ts';
import { pruneAssemblies, useAssembly } from './kept-assemblies.ts';

const root = path.join(import.meta.dirname, '..');
/** Everything that the assembly is made of, besides a registry of adapters that is elsewhere. */
const inputs = ['bin', 'lib', 'lambdas', 'cdk.json', 'package-lock.json'];
const builds = path.join(root, 'dist', 'assemblies');

/**
 * The cloud assembly of stage `local` with these settings: the same build as `cdk deploy` ships. It is synthesized
 * only when its inputs have changed, into a folder named after them; the oldest that nobody uses make room for it.
 *
 * @throws SettingsError for settings that are none, and Error with the build's own output when it fails.
 */
export async function buildAssembly(
  settings: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<string> {
  const context = { stage: 'local', ...settings };
  settingsOf(context);
  const directory = path.join(builds, await fingerprint(context));
  await mkdir(builds, { recursive: true });
  await useAssembly(directory);
  if (existsSync(directory)) return directory;
  await pruneAssemblies(builds);
  log('Building …');
  // Under a name of its own until it is complete: a build that was interrupted is never taken for one.
  const unfinished = `${directory}.${process.pid}`;
  try {
    await synthesize(unfinished, context);
    await rename(unfinished, directory).catch((error: NodeJS.ErrnoException) => {
      // Another process has built the same meanwhile.
      if (!existsSync(directory)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}

function synthesize(directory: string, context: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const build = spawn(process.execPath, ['bin/app.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    build.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    build.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    build.once('error', reject);
    build.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the build failed:\n${Buffer.concat(output).toString('utf8')}`));
    });
  });
}

async function fingerprint(context: Readonly<Record<string, string>>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(context).sort()));
  const registry = context.adapters === undefined ? [] : [path.dirname(context.adapters)];
  for (const input of [...inputs, ...registry]) await addTo(hash, input);
  return hash.digest('hex').slice(0, 16);
}

async function addTo(hash: ReturnType<typeof createHash>, file: string): Promise<void> {
  const absolute = path.resolve(root, file);
  const entries = await readdir(absolute, { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return null;
      throw error;
    },
  );
  if (!entries) {
    hash.update(`${file}\0`).update(await readFile(absolute));
    return;
  }
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  for (const each of files.sort()) hash.update(`${path.relative(root, each)}\0`).update(await readFile(each));
}
