/** The files of a running cluster's data, as PostgreSQL's low-level backup wants them copied: they change meanwhile. */
import { open, readdir, readlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { operationalError } from '../../../core/operational-error.ts';
import { isSystemError } from '../../../platform/is-system-error.ts';
import type { TarEntry } from '../../../platform/pack-tar.ts';

/** Of the running server alone. */
const LEFT_OUT = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'tablespace_map',
  'current_logfiles',
  'pg_internal.init',
]);
/** Filled anew by each start; the log that belongs to the backup is added apart. */
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
/** Says where recovery begins and ends: the last one, in one piece. */
const CONTROL = 'global/pg_control';
const PIECE_BYTES = 256 * 1024;

/** Throws `backup-unverifiable` for tablespaces, which lie elsewhere, and for what cannot be read. */
export async function* clusterFiles(dataDirectory: string): AsyncGenerator<TarEntry> {
  yield* filesIn(dataDirectory, '');
  yield folder('pg_wal/archive_status');
  yield* oneFile(dataDirectory, CONTROL);
}

async function* filesIn(root: string, below: string): AsyncGenerator<TarEntry> {
  for (const entry of await namesIn(join(root, below))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (LEFT_OUT.has(entry.name) || entry.name.startsWith('pgsql_tmp') || path === CONTROL) {
      continue;
    } else if (EMPTIED.has(path)) {
      yield folder(path);
    } else if (below === 'pg_tblspc') {
      const target = await readlink(join(root, path)).catch(() => 'elsewhere');
      throw unusable(
        `The tablespace ${entry.name} lies at ${target}, outside of the data directory.`,
      );
    } else if (entry.isDirectory()) {
      yield folder(path);
      yield* filesIn(root, path);
    } else if (entry.isFile()) {
      yield* oneFile(root, path);
    }
  }
}

/** In the order of their names; a folder of a database may go meanwhile. */
async function namesIn(path: string) {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    return [...ifGone(error)];
  }
}

/** None, where it has gone meanwhile: the log makes it go again. */
export async function* oneFile(
  root: string,
  path: string,
  as: string = path,
): AsyncGenerator<TarEntry> {
  let file: FileHandle;
  try {
    file = await open(join(root, path));
  } catch (error) {
    yield* ifGone(error);
    return;
  }
  try {
    const { size: bytes, mode, mtime: modifiedAt } = await file.stat();
    const content = () => justSoMany(file, bytes);
    yield { kind: 'file', path: as, mode: mode & 0o7777, bytes, modifiedAt, content };
  } finally {
    await file.close();
  }
}

/** What has grown meanwhile is cut, what has shrunk is filled up: the log puts both right. */
async function* justSoMany(file: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes;) {
    const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    yield bytesRead === 0 ? piece : piece.subarray(0, bytesRead);
    at += bytesRead === 0 ? piece.length : bytesRead;
  }
}

function ifGone(error: unknown): readonly never[] {
  if (isSystemError(error) && error.code === 'ENOENT') return [];
  const message = `The data directory cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  throw unusable(message, error);
}

function folder(path: string): TarEntry {
  return { kind: 'folder', path, mode: 0o700 };
}

function unusable(message: string, cause?: unknown): Error {
  return operationalError('backup-unverifiable', message, { cause });
}
