import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Client } from 'pg';
import { systemClock } from '../../src/platform/clock.ts';
import { withDatabase } from '../../src/platform/open-postgres.ts';
import { POSTGRES_ENVIRONMENT } from '../../src/platform/postgres-binaries.ts';
import { preparePostgresPlace } from '../../src/platform/postgres-place.ts';
import { startRestoredPostgres } from '../../src/platform/restored-postgres.ts';
import { runProgram } from '../../src/platform/run-program.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';

export interface PackagedServer {
  readonly url: (database?: string) => string;
  /** In a session of its own. */
  readonly run: (query: string, database?: string) => Promise<void>;
}

/** A server of the system's packages, whose programs lie in this folder; one for all tests of a file. */
export function packagedServer(programs: string, user: string): PackagedServer {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  // To be walked through by the user that root gives it to.
  chmodSync(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  let started = '';
  before(async () => {
    const place = await preparePostgresPlace(directory);
    await mkdir(place.dataDirectory, { mode: 0o700 });
    if (place.account) await chown(place.dataDirectory, place.account.uid, place.account.gid);
    await runProgram({
      command: join(programs, 'initdb'),
      args: ['-D', place.dataDirectory, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-sync'],
      ...{ cwd: place.root, env: POSTGRES_ENVIRONMENT, account: place.account },
    });
    started = await startRestoredPostgres(place, {
      ...{ program: join(programs, 'postgres'), logFile: join(folder, 'log'), recovery: null },
      ...{ user, clock: systemClock, signal: new AbortController().signal },
    });
  });
  after(async () => {
    await removePostgres(directory);
    rmSync(folder, { recursive: true });
  });
  const url = (database = 'postgres'): string => withDatabase(started, database);
  return {
    url,
    async run(query, database) {
      const client = new Client({ connectionString: url(database) });
      await client.connect();
      await client.query(query).finally(() => client.end());
    },
  };
}
