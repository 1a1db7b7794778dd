/**
 * Two servers that a test starts itself instead of the keeper, each with a way of its own to the
 * database, which can be cut.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { ensurePostgres } from '../../../src/platform/ensure-postgres.ts';
import { roleLogFile } from '../../../src/platform/keeper-files.ts';
import { findProcess, isAlive } from '../../../tools/crash/process-table.ts';
import type { NewsroomStand } from '../../../tools/stand/newsroom-stand.ts';
import { databaseLink, type DatabaseLink } from '../store/database-link.ts';
import { until } from '../until.ts';
import { bothServers, type ServerName } from './replicas.ts';
import { surefootProgram } from '../../../tools/stand/surefoot-program.ts';

export interface LinkedServer {
  readonly link: DatabaseLink;
  /** How often its process has ended by itself and was started again. */
  readonly restarts: () => number;
}

const RESTART_MS = 100;

/** Ends the stand's keeper and both servers, and starts two servers in their place. */
export async function linkServers(
  test: TestContext,
  stand: NewsroomStand,
): Promise<Readonly<Record<ServerName, LinkedServer>>> {
  // The keeper first, so that nobody starts the others again.
  const names = ['keeper', ...bothServers];
  const pids = await Promise.all(names.map((name) => stand.pidOf(name)));
  for (const pid of pids) {
    const found = (await findProcess(pid))!;
    process.kill(pid, 'SIGKILL');
    await until('it is gone', async () => !(await isAlive(found)));
  }
  const { connectionString } = await ensurePostgres(stand.directory);
  const [server, second] = await Promise.all(
    bothServers.map((name) => linkServer(test, { stand, name, connectionString })),
  );
  return { server: server!, 'server-2': second! };
}

async function linkServer(
  test: TestContext,
  options: { stand: NewsroomStand; name: ServerName; connectionString: string },
): Promise<LinkedServer> {
  const { directory } = options.stand;
  const link = await databaseLink(test, options.connectionString);
  const log = openSync(roleLogFile(directory, options.name), 'a');
  const start = (): ChildProcess =>
    spawn(
      process.execPath,
      [surefootProgram, 'server', '--state-dir', directory.root, options.name],
      {
        env: { ...process.env, DATABASE_URL: link.connectionString },
        stdio: ['ignore', log, log],
      },
    );
  const over = new AbortController();
  let restarts = 0;
  let child = start();
  const keep = async (): Promise<void> => {
    await once(child, 'exit');
    while (!over.signal.aborted) {
      restarts += 1;
      child = start();
      await once(child, 'exit');
      await delay(RESTART_MS);
    }
  };
  const kept = keep();
  test.after(async () => {
    over.abort();
    child.kill('SIGKILL');
    await kept;
    closeSync(log);
  });
  return { link, restarts: () => restarts };
}
