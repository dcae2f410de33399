import type { FileFacts, RemoteFile } from '../../domain/file.ts';
import { binaryKind } from '../csv/binary-file.ts';
import { unreadableFile } from './unreadable-file.ts';
import { type RangedBytes, rangedBytes } from './zip/ranged-bytes.ts';
import { openZip, type ZipArchive } from './zip/zip-archive.ts';

const HEAD = 4096;
const OLE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** Opens the archive that an XLSX file is; files of another kind are named by what they are. */
export async function openBook(file: RemoteFile, facts: FileFacts, signal: AbortSignal): Promise<ZipArchive> {
  const bytes = rangedBytes(file, facts, signal);
  if (facts.size === 0) throw unreadableFile('it is empty');
  const head = await bytes.bytes(0, Math.min(HEAD, facts.size));
  if (head.subarray(0, OLE.length).equals(OLE)) throw unreadableFile(await oleKind(bytes, head));
  const isZip = head.subarray(0, 2).toString('latin1') === 'PK';
  if (!isZip) throw unreadableFile(`it is ${binaryKind(head, 1, '') ?? 'no XLSX file, but text'}`);
  return openZip(bytes, signal);
}

/** Office keeps encrypted files, and all files before 2007, in the container that its directory of names lies in. */
async function oleKind(bytes: RangedBytes, head: Buffer): Promise<string> {
  const old = 'it is an old Excel (XLS) file: save it as XLSX';
  if (head.length < 512) return old;
  const sectorSize = 2 ** Math.min(head.readUInt16LE(30), 12);
  const at = (head.readUInt32LE(48) + 1) * sectorSize;
  if (at >= bytes.size) return old;
  const directory = await bytes.bytes(at, Math.min(HEAD, bytes.size - at));
  const isEncrypted = directory.includes(Buffer.from('EncryptedPackage', 'utf16le'));
  return isEncrypted ? 'it is protected by a password: remove the password and upload it again' : old;
}
