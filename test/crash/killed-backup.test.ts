/** `surefoot backup` killed, without room and without its servers at each of its steps. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { removePostgres } from '../../src/platform/stop-postgres.ts';
import { removeFolder } from '../../src/platform/remove-folder.ts';
import { runCommand } from '../cli/run-command.ts';
import { crashTestOptions } from '../support/crash-runs.ts';
import { runningPostgres } from '../support/running-postgres.ts';
import { aBackupStand, hasBytes, sourceOf, strikeWhen, type BackupStand } from './backup-stand.ts';

const postgres = runningPostgres();
/** Less than a segment of the log has, which is in each backup. */
const TOO_FEW_BLOCKS = 8_000;

function withArticles(): Promise<void> {
  return postgres.run(`
    DROP TABLE IF EXISTS articles;
    CREATE TABLE articles (id serial PRIMARY KEY, title text NOT NULL);
    INSERT INTO articles (title) SELECT 'title ' || i FROM generate_series(1, 5000) AS i`);
}

/** In their order. */
const steps: Readonly<Record<string, (stand: BackupStand) => boolean>> = {
  'its content is being written': ({ kept, storedFiles }) =>
    storedFiles().some((path) => path.endsWith('.tmp') && hasBytes(kept, path)),
  'its content is there, and no manifest': ({ storedFiles }) =>
    storedFiles().some((path) => path.endsWith('/content')),
  'it is being unpacked': ({ restoredFolders }) =>
    restoredFolders().some((folder) => existsSync(join(folder, 'postgres/data/base'))),
  'what was restored starts': ({ postmasterFile }) => postmasterFile() !== null,
};

test(
  'a backup that is killed at any step is none or can be restored, and nothing of it is left',
  crashTestOptions,
  async (t) => {
    await withArticles();
    const source = await sourceOf(postgres.url());
    for (const [step, isReached] of Object.entries(steps)) {
      const stand = aBackupStand(t, postgres.url());
      const running = stand.start('take');
      await strikeWhen(running, 'SIGKILL', () => isReached(stand));
      const { signal } = await running.ended;
      assert.equal(signal, 'SIGKILL', step);
      assert.notDeepEqual(stand.left(), [], step);

      const listed = await stand.list();

      assert.deepEqual(stand.left(), [], step);
      assert.deepEqual(await sourceOf(postgres.url()), source, step);
      assert.ok(
        listed.every(({ state }) => state === 'TAKEN'),
        step,
      );
      assert.equal(listed.length, stand.storedFiles().filter(isContent).length, step);
      for (const { id } of listed) {
        const { code, err } = await runCommand(['backup', 'verify', id], { cwd: stand.folder });
        assert.equal(code, 0, `${step}: ${err}`);
      }
    }
  },
);

test(
  'a restore that is killed leaves nothing; one that has ended is its user’s, and one that lives is left alone',
  crashTestOptions,
  async (t) => {
    await withArticles();
    const stand = aBackupStand(t, postgres.url());
    const taking = stand.start('take');
    await strikeWhen(taking, 'SIGSTOP', () => stand.postmasterFile() !== null);
    const [taken] = await stand.list();
    assert.equal(stand.restoredFolders().length, 1);
    taking.child.kill('SIGCONT');
    assert.equal((await taking.ended).code, 0);
    const id = taken?.id ?? '';

    const killed = stand.start('restore', id);
    await strikeWhen(killed, 'SIGKILL', () => stand.postmasterFile() !== null);
    await killed.ended;
    assert.deepEqual(
      (await stand.list()).map(({ state }) => state),
      ['VERIFIED'],
    );
    assert.deepEqual(stand.left(), []);

    const restored = await stand.start('restore', id, '--json').ended;
    await stand.list();

    assert.equal(restored.code, 0, restored.err);
    const { address } = JSON.parse(restored.out) as { readonly address: string };
    const client = new Client({ connectionString: address.replace('/postgres?', '/surefoot?') });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS count FROM articles');
    await client.end();
    assert.deepEqual(rows, [{ count: 5000 }]);
    for (const folder of stand.restoredFolders()) {
      await removePostgres(stateDirectoryAt(folder));
      await removeFolder(folder);
    }
  },
);

test(
  'without room, or when a server goes, it says so, and what is known of a backup stays as it was',
  crashTestOptions,
  async (t) => {
    await withArticles();
    const source = await sourceOf(postgres.url());
    const stand = aBackupStand(t, postgres.url());
    const full = await stand.startWithin(TOO_FEW_BLOCKS, 'take').ended;
    const robbed = stand.start('take');
    await strikeWhen(
      robbed,
      'SIGSTOP',
      () => steps['its content is being written']?.(stand) === true,
    );
    await postgres.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'surefoot'",
    );
    robbed.child.kill('SIGCONT');
    const withoutSource = await robbed.ended;
    const none = await stand.list();
    const orphaned = stand.start('take');
    await strikeWhen(orphaned, 'SIGSTOP', () => stand.postmasterFile() !== null);
    process.kill(pidIn(stand.postmasterFile()), 'SIGKILL');
    orphaned.child.kill('SIGCONT');
    const withoutScratch = await orphaned.ended;
    const [orphan] = await stand.list();
    const id = orphan?.id ?? '';
    const unpacked = await stand.startWithin(TOO_FEW_BLOCKS, 'verify', id).ended;

    for (const { code, err } of [full, withoutSource, withoutScratch, unpacked]) {
      assert.equal(code, 3, err);
      assert.match(err, /code: backup-unverifiable/);
    }
    assert.deepEqual([none, orphan?.state], [[], 'TAKEN']);
    assert.equal((await runCommand(['backup', 'verify', id], { cwd: stand.folder })).code, 0);
    const after = await stand.startWithin(TOO_FEW_BLOCKS, 'verify', id).ended;
    assert.deepEqual([after.code, (await stand.list())[0]?.state], [3, 'VERIFIED']);
    assert.deepEqual(stand.left(), []);
    assert.deepEqual(await sourceOf(postgres.url()), source);
  },
);

function isContent(path: string): boolean {
  return path.endsWith('/content');
}

function pidIn(postmasterFile: string | null): number {
  return Number(readFileSync(postmasterFile ?? '', 'utf8').split('\n')[0]);
}
