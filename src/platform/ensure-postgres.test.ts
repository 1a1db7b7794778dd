import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Client } from 'pg';
import { failsWith } from '../../test/support/fails-with.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { until } from '../../test/support/until.ts';
import { ensurePostgres, type RunningPostgres } from './ensure-postgres.ts';
import { keepPostgresRunning, type PostgresChange } from './keep-postgres-running.ts';
import { postgresStatus } from './postgres-status.ts';
import { isSameProcess, type ProcessIdentity } from './process-identity.ts';
import { readPostmaster } from './postmaster.ts';
import type { StateDirectory } from './state-directory.ts';
import { stopPostgres } from './stop-postgres.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: isRoot ? false : 'only root can give files to another user' };

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterOf(dataDirectory: string): Promise<ProcessIdentity> {
  const postmaster = await readPostmaster(dataDirectory);
  assert.equal(postmaster.kind, 'running');
  return postmaster.identity;
}

/** A process of its own that calls ensurePostgres. */
function ensureElsewhere(t: TestContext, directory: StateDirectory) {
  const folder = new URL('./', import.meta.url).href;
  const script = `
    const { ensurePostgres } = await import('${folder}ensure-postgres.ts');
    const { stateDirectoryAt } = await import('${folder}state-directory.ts');
    const { adopted } = await ensurePostgres(stateDirectoryAt(${JSON.stringify(directory.root)}));
    process.exitCode = adopted ? 0 : 10;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended };
}

test('of calls at the same time, in one process and in several, one acts', async (t) => {
  const directory = temporaryStateDirectory(t);
  const elsewhere = ensureElsewhere(t, directory);

  const here = await Promise.all([ensurePostgres(directory), ensurePostgres(directory)]);

  const actedHere = here.filter(({ adopted }) => !adopted).length;
  const actedThere = (await elsewhere.ended) === 10 ? 1 : 0;
  assert.equal(actedHere + actedThere, 1);
});

test('a kill in the middle of creating the data is repaired by the next call', async (t) => {
  const directory = temporaryStateDirectory(t);
  const elsewhere = ensureElsewhere(t, directory);
  const leftovers = () =>
    existsSync(directory.postgres)
      ? readdirSync(directory.postgres).filter((name) => name.startsWith('init-'))
      : [];
  await until('initdb writes', () =>
    leftovers().some((name) => existsSync(join(directory.postgres, name, 'data', 'PG_VERSION'))),
  );
  elsewhere.child.kill('SIGKILL');
  await elsewhere.ended;
  assert.equal(leftovers().length, 1);

  const { connectionString, adopted } = await ensurePostgres(directory);

  assert.equal(adopted, false);
  assert.deepEqual(await query(connectionString, 'SELECT 1 AS one'), [{ one: 1 }]);
  assert.deepEqual(leftovers(), []);
});

// Creating the data takes a second: these share one state directory, one after the other, and each
// begins with a call that must bring PostgreSQL back from what the one before left.
test('an embedded PostgreSQL comes back from what happens to it', async (t) => {
  const directory = temporaryStateDirectory(t);
  const first = await ensurePostgres(directory);
  await query(first.connectionString, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');

  await t.test('a second call adopts it', async () => {
    const second = await ensurePostgres(directory);

    assert.equal(first.adopted, false);
    assert.deepEqual(second, { ...first, adopted: true });
  });

  await t.test('it has no TCP, safe settings and UTF-8', () => itIsSetAsNeeded(first));

  await t.test('others reach neither password nor socket, and need the password', () =>
    nobodyElseComesIn(directory, first),
  );

  await t.test('killed, it starts again with what it acknowledged', async () => {
    process.kill((await postmasterOf(first.dataDirectory)).pid, 'SIGKILL');

    const again = await ensurePostgres(directory);

    const rows = await query(again.connectionString, 'SELECT count(*)::int AS rows FROM kept');
    assert.deepEqual(rows, [{ rows: 1000 }]);
  });

  await t.test('a stale pid file that names a stranger harms neither', (sub) =>
    aStrangerIsLeftAlone(sub, directory, first),
  );

  await t.test('lowered durability of our role is refused by name', async () => {
    await ensurePostgres(directory);
    await query(first.connectionString, 'ALTER ROLE surefoot SET synchronous_commit = off');

    await assert.rejects(
      ensurePostgres(directory),
      failsWith('database-unsafe', /synchronous_commit = off/),
    );

    await query(first.connectionString, 'ALTER ROLE surefoot RESET synchronous_commit');
  });

  await t.test('stopping twice is stopping once', async () => {
    await ensurePostgres(directory);
    const identity = await postmasterOf(first.dataDirectory);

    await stopPostgres(directory);
    await stopPostgres(directory);

    assert.equal(await isSameProcess(identity), false);
    const status = await postgresStatus(directory);
    assert.deepEqual([status?.pid, status?.serving], [null, false]);
  });

  await t.test('data that became readable for others is closed again', async () => {
    await stopPostgres(directory);
    chmodSync(first.dataDirectory, 0o755);

    await ensurePostgres(directory);

    assert.equal(statSync(first.dataDirectory).mode & 0o777, 0o700);
  });

  await t.test("data that became root's is refused by name", needsRoot, async () => {
    await stopPostgres(directory);
    const { uid, gid } = statSync(first.dataDirectory);
    chownSync(first.dataDirectory, 0, 0);

    await assert.rejects(
      ensurePostgres(directory),
      failsWith('state-directory-unusable', /postgres\/data belongs to root/),
    );

    chownSync(first.dataDirectory, uid, gid);
  });

  await t.test('when it cannot start, the last lines of its log say why', async () => {
    await stopPostgres(directory);
    const control = join(first.dataDirectory, 'global', 'pg_control');
    renameSync(control, `${control}.away`);

    await assert.rejects(
      ensurePostgres(directory, { refusedMsMax: 200 }),
      failsWith('process-not-started', /pg_control/),
    );

    renameSync(`${control}.away`, control);
  });

  await t.test('its watch starts it again when it is killed', () =>
    theWatchBringsItBack(directory, first),
  );
});

async function itIsSetAsNeeded(postgres: RunningPostgres): Promise<void> {
  const rows = await query(
    postgres.connectionString,
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('fsync') AS fsync,
       current_setting('data_checksums') AS checksums, current_database() AS database,
       current_setting('server_encoding') AS encoding`,
  );
  assert.deepEqual(rows, [
    { addresses: '', fsync: 'on', checksums: 'on', encoding: 'UTF8', database: 'surefoot' },
  ]);
}

async function nobodyElseComesIn(
  directory: StateDirectory,
  postgres: RunningPostgres,
): Promise<void> {
  const wrong = new URL(postgres.connectionString);
  wrong.password = 'guessed';

  await assert.rejects(query(wrong.toString(), 'SELECT 1'), /password authentication failed/);

  const mode = (path: string) => statSync(path).mode & 0o777;
  assert.equal(mode(join(directory.root, 'postgres.json')), 0o600);
  assert.equal(mode(postgres.socketDirectory), 0o700);
  assert.equal(mode(postgres.dataDirectory), 0o700);
  assert.equal(statSync(postgres.dataDirectory).uid === 0, false);
}

async function aStrangerIsLeftAlone(
  t: TestContext,
  directory: StateDirectory,
  { dataDirectory }: RunningPostgres,
): Promise<void> {
  await ensurePostgres(directory);
  const { uid, gid } = statSync(dataDirectory);
  const stranger = spawn('sleep', ['600'], { cwd: '/', ...(isRoot ? { uid, gid } : {}) });
  t.after(() => stranger.kill('SIGKILL'));
  const identity = await postmasterOf(dataDirectory);
  process.kill(identity.pid, 'SIGKILL');
  const pidFile = join(dataDirectory, 'postmaster.pid');
  const text = readFileSync(pidFile, 'utf8');
  writeFileSync(pidFile, text.replace(String(identity.pid), String(stranger.pid)));

  await stopPostgres(directory);
  const again = await ensurePostgres(directory);

  assert.equal(again.adopted, false);
  assert.deepEqual([stranger.exitCode, stranger.signalCode], [null, null]);
}

async function theWatchBringsItBack(
  directory: StateDirectory,
  { dataDirectory }: RunningPostgres,
): Promise<void> {
  const end = new AbortController();
  const changes: PostgresChange[] = [];
  const onChange = (change: PostgresChange) => void changes.push(change);
  const watch = keepPostgresRunning(directory, { signal: end.signal, onChange });
  await until('it serves', () => changes.length === 1);
  process.kill((await postmasterOf(dataDirectory)).pid, 'SIGKILL');

  await until('it serves again', () => changes.length >= 3);
  end.abort();
  await watch;

  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ['serving', 'gone', 'serving'],
  );
  const status = await postgresStatus(directory);
  assert.equal(status?.serving, true);
}
