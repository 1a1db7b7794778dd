/**
 * Names a release by its content: the same names, executable bits, links and bytes give the same
 * digest on every machine, whatever the times and owners of the files are.
 */
import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { listArtifactTree, type ArtifactEntry, type ArtifactTree } from './artifact-tree.ts';
import { digestFile } from './digest-file.ts';

export interface ArtifactDigest {
  readonly digest: `sha256:${string}`;
  readonly files: number;
  readonly bytes: number;
}

/** Throws `artifact-missing` when there is nothing to run, `config-invalid` for what is refused. */
export async function digestArtifact(path: string): Promise<ArtifactDigest> {
  const tree = await listArtifactTree(path);
  // The version line lets the format change later without two contents sharing a digest.
  const whole = createHash('sha256').update(`surefoot artifact 1 ${tree.kind}\0`);
  let files = 0;
  let bytes = 0;
  for await (const { entry, content } of withContents(tree)) {
    addField(whole, entry.kind);
    addField(whole, entry.path);
    if (entry.kind === 'link') addField(whole, entry.target);
    if (entry.kind !== 'file' || !content) continue;
    addField(whole, entry.executable ? 'executable' : 'plain');
    addField(whole, content.hex);
    files += 1;
    bytes += content.bytes;
  }
  return { digest: `sha256:${whole.digest('hex')}`, files, bytes };
}

const AT_ONCE = 16;

/** In their order, several at a time: most files are small, and to wait for each takes longer than to read it. */
async function* withContents({ base, entries }: ArtifactTree): AsyncGenerator<{
  readonly entry: ArtifactEntry;
  readonly content: Awaited<ReturnType<typeof digestFile>> | null;
}> {
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    yield* await Promise.all(
      entries.slice(at, at + AT_ONCE).map(async (entry) => ({
        entry,
        content: entry.kind === 'file' ? await digestFile(join(base, entry.path)) : null,
      })),
    );
  }
}

/** Neither names nor links hold a NUL, so that it parts the fields without doubt. */
function addField(hash: Hash, text: string): void {
  hash.update(text).update('\0');
}
