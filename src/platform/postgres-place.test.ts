import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { until } from '../../test/support/until.ts';
import { ensurePostgres } from './ensure-postgres.ts';
import { initialisePostgres } from './initialise-postgres.ts';
import { packagedPostgres, preparePostgresBinaries } from './postgres-binaries.ts';
import { preparePostgresPlace, readPostgresPlace } from './postgres-place.ts';
import { runProgram } from './run-program.ts';
import { createStateDirectory } from './state-directory.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: isRoot ? false : 'only root can give files to another user' };
const nobody = { uid: 65534, gid: 65534 };

test(
  'below a private folder root keeps the data elsewhere; without its record it starts anew',
  needsRoot,
  async (t) => {
    const directory = temporaryStateDirectory(t, 'private/state');
    const folder = dirname(dirname(directory.root));
    const reachableRoot = join(folder, 'reachable');
    mkdirSync(dirname(directory.root), { mode: 0o700 });
    const first = await ensurePostgres(directory, { reachableRoot });
    rmSync(directory.root, { recursive: true });

    const second = await ensurePostgres(directory, { reachableRoot });

    assert.equal(dirname(dirname(second.dataDirectory)), reachableRoot);
    assert.equal(second.dataDirectory, first.dataDirectory);
    assert.notEqual(second.connectionString, first.connectionString);
    const aside = readdirSync(reachableRoot).find((name) => name.includes('.'));
    assert.ok(aside);
    const old = join(reachableRoot, aside, 'data');
    assert.ok(existsSync(join(old, 'PG_VERSION')));
    await until('the old server is gone', () => !existsSync(join(old, 'postmaster.pid')));
  },
);

test('a damaged record is refused and nothing is created beside it', async (t) => {
  const directory = temporaryStateDirectory(t);
  const record = join(directory.root, 'postgres.json');
  writeFileSync(record, '{"root":');

  await assert.rejects(
    ensurePostgres(directory),
    failsWith('state-directory-unusable', /postgres\.json is damaged/),
  );

  assert.equal(existsSync(directory.postgres), false);
  rmSync(record);
});

test('programs that do not run from their package are copied to where they do', async (t) => {
  const directory = temporaryStateDirectory(t);
  await createStateDirectory(directory);
  const place = await preparePostgresPlace(directory);
  const native = join(directory.root, 'native');
  copyWithoutLinks(packagedPostgres().native, native);
  chmodSync(native, 0o700);

  const binaries = await preparePostgresBinaries(place, { native, version: '0' });

  assert.ok(binaries.postgres.startsWith(place.root));
  await initialisePostgres(place, binaries);
  assert.deepEqual(readdirSync(place.root).toSorted(), ['binaries-0', 'data', 's']);
});

/** As npm leaves the package when it may not run its script. */
function copyWithoutLinks(native: string, target: string): void {
  const text = readFileSync(join(native, 'pg-symlinks.json'), 'utf8');
  const links = (JSON.parse(text) as { target: string }[]).map((link) => basename(link.target));
  cpSync(native, target, {
    recursive: true,
    filter: (path) => !links.includes(basename(path)) && !path.endsWith('.a'),
  });
}

test(
  'an ordinary user has everything in the state directory; given to root, PostgreSQL stays theirs',
  needsRoot,
  async (t) => {
    const directory = temporaryStateDirectory(t);
    chownSync(directory.root, nobody.uid, nobody.gid);
    const call = { command: process.execPath, cwd: '/', env: {}, account: nobody };
    if (!(await runProgram({ ...call, args: ['--version'] })).ok) {
      t.skip('this checkout lies in a private folder');
      return;
    }
    const folder = new URL('./', import.meta.url).href;
    const script = `
    const { ensurePostgres } = await import('${folder}ensure-postgres.ts');
    const { stateDirectoryAt } = await import('${folder}state-directory.ts');
    await ensurePostgres(stateDirectoryAt(${JSON.stringify(directory.root)}));`;

    const theirs = await runProgram({ ...call, args: ['--input-type=module', '-e', script] });

    assert.ok(theirs.ok, theirs.output);
    const place = await readPostgresPlace(directory);
    assert.ok(place);
    assert.equal(place.dataDirectory, join(directory.root, 'postgres', 'data'));
    assert.equal(statSync(place.dataDirectory).uid, nobody.uid);
    await assert.rejects(
      ensurePostgres(directory),
      failsWith('state-directory-unusable', /chown 0/),
    );
    for (const path of [directory.root, directory.edge, directory.host, directory.logs]) {
      chownSync(path, 0, 0);
    }
    chmodSync(directory.root, 0o711);
    assert.equal((await ensurePostgres(directory)).adopted, true);
  },
);
