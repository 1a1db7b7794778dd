/** PostgreSQL servers of a bench, in temporary folders: the one that Surefoot brings, and one of the system's packages. */
import { access, chmod, chown, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock } from '../../../src/platform/clock.ts';
import { ensurePostgres } from '../../../src/platform/ensure-postgres.ts';
import { openPostgres } from '../../../src/platform/open-postgres.ts';
import { POSTGRES_ENVIRONMENT } from '../../../src/platform/postgres-binaries.ts';
import { preparePostgresPlace, type PostgresPlace } from '../../../src/platform/postgres-place.ts';
import { postgresSettings } from '../../../src/platform/postgres-settings.ts';
import { removeFolder } from '../../../src/platform/remove-folder.ts';
import { runProgram } from '../../../src/platform/run-program.ts';
import { spawnPostgres } from '../../../src/platform/spawn-postgres.ts';
import { createStateDirectory, stateDirectoryAt } from '../../../src/platform/state-directory.ts';
import { removePostgres } from '../../../src/platform/stop-postgres.ts';

export interface BenchServer {
  /** Of an empty database. */
  readonly url: string;
  remove(): Promise<void>;
}

const DEBIANS = '/usr/lib/postgresql';
const NEEDED = ['postgres', 'initdb', 'pg_dump', 'pg_restore'];
const USER = 'bench';
const READY_MS_MAX = 30_000;
const POLL_MS = 50;

/** The folder of the newest programs of Debian's packages; null where there are none with all that is needed. */
export async function packagedPrograms(): Promise<string | null> {
  const versions = (await readdir(DEBIANS).catch(() => [])).map(Number).filter(Number.isInteger);
  for (const version of versions.sort((one, other) => other - one)) {
    const folder = join(DEBIANS, String(version), 'bin');
    const there = NEEDED.map((name) => access(join(folder, name)));
    if ((await Promise.allSettled(there)).every(({ status }) => status === 'fulfilled')) {
      return folder;
    }
  }
  return null;
}

export async function ownServer(): Promise<BenchServer> {
  const { directory, remove } = await aPlace();
  const { connectionString: url } = await ensurePostgres(directory);
  return { url, remove };
}

/** With the settings of the other. */
export async function packagedServer(programs: string): Promise<BenchServer> {
  const { directory, remove } = await aPlace();
  const place = await preparePostgresPlace(directory);
  try {
    await initialise(place, programs);
    const { io_method: _of18, ...settings } = postgresSettings;
    await spawnPostgres(place, {
      program: join(programs, 'postgres'),
      args: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ...{ logFile: join(directory.logs, 'postgres.log'), postmaster: { kind: 'none' } },
    });
    const url = `postgresql://${USER}@localhost:5432/postgres?host=${encodeURIComponent(place.socketDirectory)}`;
    await untilServes(url);
    const client = await openPostgres(url);
    await client.query('CREATE DATABASE filled').finally(() => client.end());
    return { url: url.replace('/postgres?', '/filled?'), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function aPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'sf-b-'));
  // To be walked through by the user that root gives it to.
  await chmod(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  await createStateDirectory(directory);
  const remove = async (): Promise<void> => {
    await removePostgres(directory);
    await removeFolder(folder);
  };
  return { directory, remove };
}

async function initialise(place: PostgresPlace, programs: string): Promise<void> {
  const { dataDirectory, account, root } = place;
  await mkdir(dataDirectory, { mode: 0o700 });
  if (account) await chown(dataDirectory, account.uid, account.gid);
  const { ok, output } = await runProgram({
    command: join(programs, 'initdb'),
    args: ['-D', dataDirectory, '-U', USER, '-E', 'UTF8', '--locale=C', '-A', 'trust', '-k'],
    ...{ cwd: root, env: POSTGRES_ENVIRONMENT, account },
  });
  if (!ok) throw new Error(`initdb of ${programs}: ${output}`);
}

async function untilServes(url: string): Promise<void> {
  const limit = AbortSignal.timeout(READY_MS_MAX);
  for (;;) {
    try {
      const client = await openPostgres(url);
      await client.end();
      return;
    } catch (error) {
      // It starts yet.
      if (limit.aborted) throw error;
      await systemClock.sleep(POLL_MS);
    }
  }
}
