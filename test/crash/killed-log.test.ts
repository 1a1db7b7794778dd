/** `surefoot backup log` killed between keeping a segment and releasing it: the next goes on, and any moment can be restored. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { runCommand } from '../cli/run-command.ts';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import { runningPostgres } from '../support/running-postgres.ts';
import { aBackupStand, strikeWhen } from './backup-stand.ts';

const postgres = runningPostgres();

async function ask(query: string, url = postgres.url()): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ found: string }>(query)).rows[0]?.found ?? '';
  } finally {
    await client.end();
  }
}

/** With nothing else that ends in the same millisecond. */
async function write(word: string): Promise<string> {
  await ask(`INSERT INTO words VALUES ('${word}')`);
  await ask('SELECT pg_sleep(0.01)');
  const now = await ask(
    `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS found`,
  );
  await ask('SELECT pg_sleep(0.01)');
  return now;
}

const RELEASED = 'SELECT restart_lsn::text AS found FROM pg_replication_slots';

test(
  'who keeps a log and is killed has lost nothing of it, and what was there at any moment comes back',
  crashTestOptions,
  async (t) => {
    await ask('CREATE TABLE words (word text)');
    const stand = aBackupStand(t, postgres.url());
    const run = (...args: readonly string[]) =>
      runCommand(['backup', ...args, '--json'], { cwd: stand.folder });
    const segments = (): readonly string[] => {
      const folder = join(stand.kept, 'log');
      return existsSync(folder) ? readdirSync(folder).sort() : [];
    };
    const isKept = (count: number) => (): boolean =>
      segments().filter((id) => existsSync(join(stand.kept, 'log', id, 'manifest.json'))).length ===
      count;
    const isBegun = (count: number) => (): boolean => segments().length === count;
    assert.equal((await run('log')).code, 0);
    assert.equal((await run('take')).code, 0);
    const moments: string[] = [];
    for (const isReached of [isBegun, isKept]) {
      moments.push(await write(`word${moments.length}`));
      const released = await ask(RELEASED);
      const running = stand.start('log');
      await strikeWhen(running, 'SIGKILL', isReached(segments().length + 1));
      await running.ended;
      const after = await ask(RELEASED);
      if (isReached === isKept && after === released) t.diagnostic('killed before it was released');
    }
    moments.push(await write('last'));
    const gone = await run('log');
    const { backups } = JSON.parse((await run('list')).out) as {
      readonly backups: readonly { readonly logUntil?: string }[];
    };

    assert.equal(gone.code, 0, gone.err);
    assert.ok((backups[0]?.logUntil ?? '') > (moments.at(-1) ?? ''));
    const [, second = ''] = moments;
    const restored = await run('restore', '--at', second);
    assert.equal(restored.code, 0, restored.err);
    const { address } = JSON.parse(restored.out) as { readonly address: string };
    const found = await ask(
      "SELECT string_agg(word, ' ') AS found FROM words",
      address.replace('/postgres?', '/surefoot?'),
    );
    const scratch = dirname(dirname(new URL(address).searchParams.get('host') ?? ''));
    await removePostgres(stateDirectoryAt(scratch));
    rmSync(scratch, { recursive: true });
    assert.equal(found, 'word0 word1');
    assert.equal((await run('log', '--end')).code, 0);
    assert.equal(await ask('SELECT count(*)::text AS found FROM pg_replication_slots'), '0');
    assert.ok(isKept(segments().length)(), 'none is a half one');
    // It is the folder of the segments, and no backup.
    assert.deepEqual(stand.left(), ['log']);
  },
);
