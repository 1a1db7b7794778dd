import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Client } from 'pg';
import { ensurePostgres } from '../../src/platform/ensure-postgres.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';

export interface TestPostgres {
  readonly url: () => string;
  /** In a session of its own. */
  readonly run: (query: string) => Promise<void>;
}

/** One server for all tests of a file. */
export function runningPostgres(): TestPostgres {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  // To be walked through by the user that root gives it to.
  chmodSync(folder, 0o711);
  const directory = stateDirectoryAt(folder);
  let url = '';
  before(async () => {
    url = (await ensurePostgres(directory)).connectionString;
  });
  after(async () => {
    await removePostgres(directory);
    rmSync(folder, { recursive: true });
  });
  return {
    url: () => url,
    async run(query) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(query).finally(() => client.end());
    },
  };
}
