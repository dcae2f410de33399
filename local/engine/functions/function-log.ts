import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A function's log file, shared by its sandboxes; whole lines only. */
export type FunctionLog = {
  write(line: string): void;
  follow(output: Readable): void;
  close(): Promise<void>;
};

export function openFunctionLog(directory: string, functionName: string): FunctionLog {
  mkdirSync(directory, { recursive: true });
  const file = createWriteStream(path.join(directory, `${functionName}.log`), { flags: 'a' });
  const write = (line: string): void => void file.write(`${line}\n`);
  return {
    write,
    follow: (output) => void createInterface({ input: output }).on('line', write),
    close: async () => {
      file.end();
      await finished(file);
    },
  };
}
