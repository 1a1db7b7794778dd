/** To a server whose files may not grow any further every write is what it is on a full disk. */
import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { openPostgres } from '../../src/platform/open-postgres.ts';
import { queryOne } from '../../src/platform/query-one.ts';
import { unlessMissing } from '../../src/platform/unless-missing.ts';

const run = promisify(execFile);
/** More than a file of its log, which has all of its size from the beginning. */
export const FULL_BYTES = 24 * 1024 * 1024;

export async function fillDiskOf(postmaster: number): Promise<void> {
  await limitFiles(postmaster, String(FULL_BYTES));
}

export async function freeDiskOf(url: string): Promise<void> {
  await limitFiles(await postmasterOf(url), 'unlimited');
}

export async function postmasterOf(url: string): Promise<number> {
  const client = await openPostgres(url);
  try {
    const { pid } = await queryOne<{ pid: string }>(
      client,
      `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid`,
    );
    return Number(pid);
  } finally {
    await client.end();
  }
}

/** Of the server and of its sessions; those to come have it from the server. */
async function limitFiles(postmaster: number, limit: string): Promise<void> {
  // As its user: even root may not be allowed to limit another's.
  const { uid, gid } = await stat(`/proc/${postmaster}`);
  const setOf = (pid: number) =>
    run('prlimit', ['--pid', String(pid), `--fsize=${limit}:`], { uid, gid });
  await setOf(postmaster);
  for (const pid of await childrenOf(postmaster)) {
    await setOf(pid).catch(() => {
      // A session that has ended needs none.
    });
  }
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const status = (await unlessMissing(readFile(`/proc/${pid}/status`, 'utf8'))) ?? '';
      return status.includes(`\nPPid:\t${parent}\n`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
