import { readFile } from 'node:fs/promises';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Client } from 'pg';
import { ensurePostgres } from '../../src/platform/ensure-postgres.ts';
import { readPostgresPlace } from '../../src/platform/postgres-place.ts';
import { unlessMissing } from '../../src/platform/unless-missing.ts';
import { stateDirectoryAt, type StateDirectory } from '../../src/platform/state-directory.ts';
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
    await crash(directory);
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

/** Nobody needs its data any more: without a last checkpoint, which takes long where many test files end at once. */
async function crash(directory: StateDirectory): Promise<void> {
  const place = await readPostgresPlace(directory);
  const file = place && join(place.dataDirectory, 'postmaster.pid');
  const pid = file && (await unlessMissing(readFile(file, 'utf8')))?.split('\n', 1)[0];
  if (pid) process.kill(Number(pid), 'SIGQUIT');
}
