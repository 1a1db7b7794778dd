import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { systemClock } from '../../src/platform/clock.ts';
import { mariadbAddress, mariadbSocketUrl } from '../../src/platform/mariadb-address.ts';
import { openMariadb, type MariadbSession } from '../../src/platform/open-mariadb.ts';
import { startRestoredMariadb } from '../../src/platform/restored-mariadb.ts';
import { killMariadb } from '../../src/platform/stop-mariadb.ts';

export interface OwnMariadb {
  readonly url: (database: string) => string;
  /** The caller ends it. */
  readonly session: (database?: string) => Promise<MariadbSession>;
  /** One after the other, in a session of their own. */
  readonly run: (database: string, ...queries: readonly string[]) => Promise<void>;
  readonly socket: () => string;
  readonly pidFile: () => string;
}

/** A server without a port; one for all tests of a file. */
export function ownMariadb(program: string): OwnMariadb {
  const folder = mkdtempSync(join(tmpdir(), 'sf-mariadb-'));
  const never = new AbortController().signal;
  let socket = '';
  before(async () => {
    socket = await startRestoredMariadb({
      ...{ folder, program, pageBytes: 16_384, lowerCaseNames: '0' },
      ...{ clock: systemClock, signal: never },
    });
  });
  after(async () => {
    await killMariadb(folder);
    rmSync(folder, { recursive: true });
  });
  const url = (database: string): string => mariadbSocketUrl(socket, database);
  const session = (database = ''): Promise<MariadbSession> =>
    openMariadb(mariadbAddress(url(database)), never);
  return {
    ...{ url, session, socket: () => socket, pidFile: () => join(dirname(socket), 'pid') },
    async run(database, ...queries) {
      const own = await session(database);
      try {
        for (const query of queries) await own.ask(query);
      } finally {
        await own.end();
      }
    },
  };
}
