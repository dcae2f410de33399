import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { load } from './load.ts';
import { polling } from './polling.ts';
import { throughTheStack } from './through-the-stack.ts';

// Alone, so that its peak memory is its own.
const { status } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'xlsx-read.ts')], { stdio: 'inherit' });
if (status !== 0) throw new Error('the XLSX source is beyond its limits');

await throughTheStack();
await polling();
await load();
