/** Everything that is done to a backup: nothing of it may be taken for the backup. */
import {
  contentPath,
  manifestPath,
  verificationPath,
  type BackupPlace,
} from '../../src/engine/backup/backup-files.ts';
import type { KeyRing } from '../../src/engine/backup/key-ring.ts';
import { anywhere, mixed, ofContent, type ByteMutation } from './byte-mutations.ts';
import type { Draw } from './draw.ts';
import { aRing, places, type KeptBackups } from './kept-backups.ts';
import type { KeptFiles } from './kept-files.ts';
import { ofText, passing } from './text-mutations.ts';

export interface Mutation {
  /** `content: a bit flipped`. */
  readonly kind: string;
  /** What may not be had of it then: a restored thing, or the word that it is verified. */
  readonly refused: 'restore' | 'word' | 'both';
  /** Which of the backups is looked at. */
  readonly place: BackupPlace;
  readonly mutate: (kept: KeptBackups, draw: Draw) => KeptBackups;
}

const { first, second, elsewhere, taken, failed } = places;

/** A verified content is not read to be listed, so that only its next verification finds it. */
const content = { path: contentPath(first), refused: 'restore', place: first } as const;
const manifest = { path: manifestPath(first), refused: 'both', place: first } as const;
const verification = { path: verificationPath(first), refused: 'word', place: first } as const;

/** Of a backup that is alone. */
export const contentMutations: readonly Mutation[] = [
  ...ofBytes('content', content, { ...anywhere, ...ofContent }),
  moved('content: it is gone', content, (files) => without(files, contentPath(first))),
];

export const allMutations: readonly Mutation[] = [
  ...contentMutations,
  ...Object.entries(mixed).map(([what, mix]): Mutation => {
    const mutate = ({ files, ring }: KeptBackups, draw: Draw): KeptBackups => {
      const bytes = mix(
        bytesOf(files, contentPath(first)),
        bytesOf(files, contentPath(second)),
        draw,
      );
      return { files: new Map(files).set(contentPath(first), bytes), ring };
    };
    return { kind: `content: ${what}`, refused: 'restore', place: first, mutate };
  }),
  moved('content: that of another', content, (files) =>
    copied(files, contentPath(second), contentPath(first)),
  ),
  moved('content: that of something else', content, (files) =>
    copied(files, contentPath(elsewhere), contentPath(first)),
  ),
  ...ofBytes('manifest', manifest, { ...anywhere, ...ofText }),
  moved('manifest: it is gone', manifest, (files) => without(files, manifestPath(first))),
  moved('manifest: that of another', manifest, (files) =>
    copied(files, manifestPath(second), manifestPath(first)),
  ),
  moved('manifest: that of something else', manifest, (files) =>
    copied(files, manifestPath(elsewhere), manifestPath(first)),
  ),
  moved('manifest: its verification', manifest, (files) =>
    copied(files, verificationPath(first), manifestPath(first)),
  ),
  ...ofBytes('verification', verification, { ...anywhere, ...ofText }),
  moved('verification: it is gone', verification, (files) =>
    without(files, verificationPath(first)),
  ),
  moved('verification: that of another', verification, (files) =>
    copied(files, verificationPath(second), verificationPath(first)),
  ),
  moved('verification: its manifest', verification, (files) =>
    copied(files, manifestPath(first), verificationPath(first)),
  ),
  moved(
    'verification: an older one beside a newer backup',
    { refused: 'word', place: taken },
    (files) => copied(files, verificationPath(first), verificationPath(taken)),
  ),
  moved(
    'verification: a good one beside one that failed',
    { refused: 'word', place: failed },
    (files) => copied(files, verificationPath(first), verificationPath(failed)),
  ),
  moved(
    'verification: one that failed says that it passed',
    { refused: 'word', place: failed },
    (files) =>
      new Map(files).set(
        verificationPath(failed),
        passing(bytesOf(files, verificationPath(failed))),
      ),
  ),
  moved('all of it: another', manifest, (files) => allCopied(files, second, first)),
  moved('all of it: something else', manifest, (files) => allCopied(files, elsewhere, first)),
  moved(
    'all of it: under another source',
    { refused: 'both', place: { ...elsewhere, id: 'b9' } },
    (files) => allCopied(files, first, { ...elsewhere, id: 'b9' }),
  ),
  keyed('key: another by the same name', aRing),
  keyed('key: there is none', () => ({ keys: [] })),
  keyed('key: a bit of it', ({ keys }, draw) => ({
    keys: keys.map(({ id, key }) => ({ id, key: anywhere['a bit flipped'](key, draw) })),
  })),
];

interface Meant {
  readonly refused: Mutation['refused'];
  readonly place: BackupPlace;
}

function ofBytes(
  of: string,
  { path, refused, place }: Meant & { readonly path: string },
  mutations: Readonly<Record<string, ByteMutation>>,
): readonly Mutation[] {
  return Object.entries(mutations).map(([what, change]) => ({
    ...{ kind: `${of}: ${what}`, refused, place },
    mutate: ({ files, ring }, draw) => ({
      files: new Map(files).set(path, change(bytesOf(files, path), draw)),
      ring,
    }),
  }));
}

function moved(
  kind: string,
  { refused, place }: Meant,
  move: (files: KeptFiles) => KeptFiles,
): Mutation {
  return { kind, refused, place, mutate: ({ files, ring }) => ({ files: move(files), ring }) };
}

function keyed(kind: string, change: (ring: KeyRing, draw: Draw) => KeyRing): Mutation {
  const mutate = ({ files, ring }: KeptBackups, draw: Draw) => ({
    files,
    ring: change(ring, draw),
  });
  return { kind, refused: 'both', place: first, mutate };
}

function bytesOf(files: KeptFiles, path: string): Buffer {
  return files.get(path) ?? Buffer.alloc(0);
}

function copied(files: KeptFiles, from: string, to: string): KeptFiles {
  return new Map(files).set(to, bytesOf(files, from));
}

function allCopied(files: KeptFiles, from: BackupPlace, to: BackupPlace): KeptFiles {
  return [contentPath, manifestPath, verificationPath].reduce(
    (found: KeptFiles, pathOf) => copied(found, pathOf(from), pathOf(to)),
    files,
  );
}

function without(files: KeptFiles, path: string): KeptFiles {
  return new Map([...files].filter(([name]) => name !== path));
}
