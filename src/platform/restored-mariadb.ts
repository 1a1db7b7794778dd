/** A MariaDB server of its own for what is restored, without a port, for nobody but who may enter its folder. */
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, type Clock } from './clock.ts';
import { LAUNCH_VARIABLE } from './launched-processes.ts';
import { openLogFile, readLogTail } from './log-file.ts';
import { mariadbAddress, mariadbSocketUrl } from './mariadb-address.ts';
import { MARIADB_ENVIRONMENT } from './mariadb-tools.ts';
import { openMariadb } from './open-mariadb.ts';
import { identifyProcess } from './process-identity.ts';
import type { Account } from './run-program.ts';
import { runToSuccess } from './run-to-success.ts';
import { mariadbFolder, mariadbRecord, stopMariadb } from './stop-mariadb.ts';
import { syncFolder } from './sync-folder.ts';
import { unprivilegedAccount } from './unprivileged-account.ts';

const START_MS_MAX = 5 * 60_000;
const POLL_MS = 25;
const LOG_LINES = 12;

export interface RestoredMariadb {
  /** In the folder of a scratch: what removes that ends the server. */
  readonly folder: string;
  /** Of the server's program. */
  readonly program: string;
  /** Of whatever it was taken from: what was written with others may not fit. */
  readonly pageBytes: number;
  readonly lowerCaseNames: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** With nothing in it yet. Resolves to its socket when it lets root in. Throws `backup-unverifiable`. */
export async function startRestoredMariadb(asked: RestoredMariadb): Promise<string> {
  const { folder } = asked;
  const account = await unprivilegedAccount('MariaDB', ['mysql', 'nobody']);
  // To be walked through by the user that root gives what is below to.
  await chmod(folder, 0o711);
  for (const path of [mariadbFolder(folder), dirname(socketIn(folder))]) {
    await mkdir(path, { mode: 0o700 });
    if (account) await chown(path, account.uid, account.gid);
  }
  await makeSystemTables(asked, account);
  await start(asked, { account, isLasting: false });
  return socketIn(folder);
}

/** At the same address. What is written to it gets to the disk from now on. */
export async function restartLastingMariadb(asked: RestoredMariadb): Promise<void> {
  const account = await unprivilegedAccount('MariaDB', ['mysql', 'nobody']);
  await stopMariadb(asked.folder, asked.clock);
  await syncFolder(mariadbFolder(asked.folder));
  await start(asked, { account, isLasting: true });
}

function socketIn(folder: string): string {
  return join(folder, 's', 'mysql.sock');
}

/** What MariaDB's own script reads, without the help and the views that it makes besides, which take three times as long. */
async function makeSystemTables(asked: RestoredMariadb, account: Account | null): Promise<void> {
  const { folder, program, clock, signal } = asked;
  const texts = await systemTexts(program);
  const script = join(folder, 'system.sql');
  await writeFile(script, ['CREATE DATABASE mysql;\nUSE mysql;\n', ...texts].join('\n'));
  await runToSuccess({
    ...{ name: 'mariadbd --bootstrap', program, inputFile: script, outputFile: null },
    args: ['--no-defaults', '--bootstrap', ...settings(asked, { account, isLasting: false })],
    ...{ directory: '/', environment: MARIADB_ENVIRONMENT, clock, signal },
    failure: (why) =>
      operationalError('backup-unverifiable', `No server can be made to restore it in: ${why}.`),
  });
}

/** Below where the program is. Newer ones are called by the newer name. */
async function systemTexts(program: string): Promise<readonly string[]> {
  const base = join(dirname(program), '..');
  for (const share of ['share/mysql', 'share/mariadb', 'share']) {
    for (const name of ['mariadb', 'mysql']) {
      const path = join(base, share, `${name}_system_tables`);
      if (!(await isThere(`${path}.sql`))) continue;
      return [await readFile(`${path}.sql`, 'utf8'), await readFile(`${path}_data.sql`, 'utf8')];
    }
  }
  const message = `"${program}" lacks its mariadb_system_tables.sql in "${join(base, 'share')}". Install the server whole.`;
  throw operationalError('backup-unverifiable', message);
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

interface How {
  readonly account: Account | null;
  /** What is only looked at and thrown away need not get to the disk. */
  readonly isLasting: boolean;
}

/** Nothing of it is that of the server that it was taken from, but what could keep out what was written there. */
function settings(
  { folder, pageBytes, lowerCaseNames }: RestoredMariadb,
  { account, isLasting }: How,
): readonly string[] {
  const values = {
    datadir: mariadbFolder(folder),
    'innodb-page-size': pageBytes,
    'lower-case-table-names': lowerCaseNames,
    'innodb-strict-mode': 'OFF',
    'innodb-log-file-size': '96M',
    'innodb-buffer-pool-size': '128M',
    'innodb-flush-log-at-trx-commit': isLasting ? 1 : 0,
    'innodb-doublewrite': isLasting ? 'ON' : 'OFF',
    ...(isLasting ? {} : { 'innodb-flush-method': 'nosync', 'loose-debug-no-sync': 1 }),
    'innodb-fast-shutdown': 1,
    'max-allowed-packet': '1G',
    'performance-schema': 'OFF',
    'character-set-server': 'utf8mb4',
    'sql-mode': '',
    ...(account ? { user: account.uid } : {}),
  };
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}

async function start(asked: RestoredMariadb, how: How): Promise<void> {
  const { folder, clock, signal } = asked;
  const logFile = join(folder, 'mariadb.log');
  const server = await spawnServer(asked, how, logFile);
  const address = mariadbAddress(mariadbSocketUrl(socketIn(folder), ''));
  const since = clock.monotonicNs();
  while (!server.hasEnded() && elapsedMs(clock, since) < START_MS_MAX) {
    const session = await openMariadb(address, signal).catch(() => null);
    if (session) return session.end();
    await clock.sleep(POLL_MS, signal);
  }
  const lines = await readLogTail(logFile, { lines: LOG_LINES });
  const message = `MariaDB does not come up to restore it in; its log ends:\n${lines.join('\n')}`;
  throw operationalError('backup-unverifiable', message);
}

/** It outlives this process. That it cannot be started at all is told as its end. */
async function spawnServer(
  asked: RestoredMariadb,
  how: How,
  logFile: string,
): Promise<{ readonly hasEnded: () => boolean }> {
  const { folder, program } = asked;
  const log = await openLogFile(logFile);
  let ended = false;
  try {
    const args = [
      ...['--no-defaults', ...settings(asked, how), `--socket=${socketIn(folder)}`],
      `--pid-file=${join(folder, 's', 'pid')}`,
      ...['--skip-networking', '--skip-name-resolve', '--skip-log-bin'],
      // What was restored does nothing by itself.
      '--event-scheduler=OFF',
    ];
    const child = spawn(program, args, {
      ...{ cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd] },
      env: { ...MARIADB_ENVIRONMENT, [LAUNCH_VARIABLE]: basename(folder) },
    });
    child.once('error', () => (ended = true));
    child.once('exit', () => (ended = true));
    child.unref();
    const identity = child.pid === undefined ? null : await identifyProcess(child.pid);
    await writeFile(mariadbRecord(folder), JSON.stringify(identity));
    return { hasEnded: () => ended };
  } finally {
    await log.close();
  }
}
