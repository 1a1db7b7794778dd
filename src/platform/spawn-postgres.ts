/**
 * Starts PostgreSQL on its data, directly and not by `pg_ctl start`, for two reasons: a stale pid file whose pid counts as
 * alive (unreaped, or a stranger's) can be explained to it, and no shell reads our paths.
 */
import { spawn } from 'node:child_process';
import { openLogFile } from './log-file.ts';
import { POSTGRES_ENVIRONMENT } from './postgres-binaries.ts';
import type { PostgresPlace } from './postgres-place.ts';
import type { Postmaster } from './postmaster.ts';

export interface SpawnedPostgres {
  hasEnded(): boolean;
  /** Whether somebody has ended it by force. */
  wasKilled(): boolean;
}

export interface PostgresSpawn {
  readonly program: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** What was found on the data just before. */
  readonly postmaster: Postmaster;
}

/** It outlives this process. That it cannot be started at all is told as its end. */
export async function spawnPostgres(
  place: PostgresPlace,
  { program, args, logFile, postmaster }: PostgresSpawn,
): Promise<SpawnedPostgres> {
  const log = await openLogFile(logFile);
  try {
    const child = spawn(program, ['-D', place.dataDirectory, ...args], {
      cwd: place.root,
      env: { ...POSTGRES_ENVIRONMENT, ...staleHint(postmaster) },
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...(place.account ?? {}),
    });
    let ended = false;
    let killed = false;
    child.once('error', () => (ended = true));
    child.once('exit', (_code, signal) => {
      ended = true;
      killed = signal !== null;
    });
    child.unref();
    return { hasEnded: () => ended, wasKilled: () => killed };
  } finally {
    await log.close();
  }
}

/**
 * PostgreSQL takes a pid file for stale when it names its own "grandparent". We name a process that
 * was proven not to be a postmaster of this data; PostgreSQL's check of the shared memory, which
 * finds real survivors, stays in force. The pid file itself is PostgreSQL's to replace.
 */
function staleHint(postmaster: Postmaster): Record<string, string> {
  return postmaster.kind === 'stale' ? { PG_GRANDPARENT_PID: String(postmaster.pid) } : {};
}
