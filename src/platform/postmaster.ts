/**
 * Reads who runs on a data directory. The pid file alone proves nothing: after a crash it stays, and
 * its pid may belong to a process that waits to be reaped, or to a stranger.
 */
import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

export type Postmaster =
  | {
      readonly kind: 'running';
      readonly identity: ProcessIdentity;
      /** It says so itself; false while it starts, recovers or shuts down. */
      readonly ready: boolean;
    }
  /** A pid file whose process is not a postmaster of this data directory. */
  | { readonly kind: 'stale'; readonly pid: number }
  | { readonly kind: 'none' };

export async function readPostmaster(dataDirectory: string): Promise<Postmaster> {
  const lines = await readLines(join(dataDirectory, 'postmaster.pid'));
  const pid = Number.parseInt(lines[0] ?? '', 10);
  // Empty for a moment while PostgreSQL creates it.
  if (!Number.isSafeInteger(pid) || pid <= 0) return { kind: 'none' };
  const identity = await identifyProcess(pid);
  if (identity === null || !(await runsIn(pid, dataDirectory))) return { kind: 'stale', pid };
  return { kind: 'running', identity, ready: lines[7]?.trim() === 'ready' };
}

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** A postmaster's working directory is its data. Only Linux tells; elsewhere the pid is believed. */
async function runsIn(pid: number, dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(dataDirectory));
  } catch (error) {
    // EACCES: another user's process, which cannot be a postmaster that we or root started.
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES', 'EPERM')) return false;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
