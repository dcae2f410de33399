import { posix } from 'node:path';
import { readAllXml } from '../xml/read-xml.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';

/** A part of the package that another one refers to. */
export type Relationship = {
  readonly id: string;
  /** The last word of its type, the same in transitional and strict files: `worksheet`, `styles`, … */
  readonly kind: string;
  /** The part's name in the archive. */
  readonly part: string;
};

/** What a part refers to within the archive; '' is the package itself. */
export async function readRelationships(archive: ZipArchive, part: string): Promise<Relationship[]> {
  const folder = posix.dirname(part);
  const name = posix.join(folder, '_rels', `${posix.basename(part)}.rels`);
  const relationships: Relationship[] = [];
  if (!archive.has(name)) return relationships;
  await readAllXml(name, archive.read(name), {
    open(element, { Id, Type, Target, TargetMode }) {
      if (element !== 'Relationship' || Target === undefined || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      relationships.push({ id: Id ?? '', kind: posix.basename(Type ?? ''), part: target });
    },
  });
  return relationships;
}
