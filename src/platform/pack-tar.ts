/** A tar archive as a stream, made entry by entry. */
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

export type TarEntry =
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly bytes: number;
      readonly modifiedAt: Date;
      /** Of just so many bytes. */
      readonly content: () => AsyncIterable<Uint8Array>;
    };

/** What an entry throws comes out of the stream. Begins when it is read. */
export async function* packTar(entries: AsyncIterable<TarEntry>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  packAll(archive, entries).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error as Error),
  );
  // Whoever stops reading destroys it.
  yield* archive as AsyncIterable<Buffer>;
}

async function packAll(archive: Pack, entries: AsyncIterable<TarEntry>): Promise<void> {
  for await (const entry of entries) {
    // Whoever read it has gone.
    if (archive.destroyed) return;
    await packOne(archive, entry);
  }
}

async function packOne(archive: Pack, entry: TarEntry): Promise<void> {
  const { path: name } = entry;
  switch (entry.kind) {
    case 'folder':
      return ended((done) => archive.entry({ name, mode: entry.mode, type: 'directory' }, done));
    case 'link':
      return ended((done) =>
        archive.entry({ name, linkname: entry.target, type: 'symlink' }, done),
      );
    case 'file': {
      const { mode, bytes: size, modifiedAt: mtime } = entry;
      await pipeline(entry.content(), archive.entry({ name, mode, size, mtime }));
    }
  }
}

function ended(begin: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    begin((error) => (error ? reject(error) : resolve()));
  });
}
