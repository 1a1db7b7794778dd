import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { KEYS_VARIABLE } from './configured-keys.ts';
import { keptKey } from './kept-key.ts';

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
  string,
];

test('where nobody gives a key one is made, once', async (t) => {
  const folder = temporaryFolder(t);

  const first = await keptKey(folder, {});
  const second = await keptKey(folder, {});

  assert.deepEqual([first.isNew, second.isNew], [true, false]);
  assert.deepEqual(second.ring, first.ring);
  assert.match(readFileSync(first.path, 'utf8'), /^[0-9a-f]{64}\n$/);
});

test('keys that are given come first, in their order, and those of the file open what is older', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'keys');
  writeFileSync(path, `${B.toUpperCase()}\n${C}\n`);
  writeFileSync(join(folder, 'backup.key'), `${D}\n${A}\n`);

  const { ring } = await keptKey(folder, { [KEYS_VARIABLE]: `${A}, file:${path}` });

  assert.deepEqual(
    ring.keys.map(({ key }) => key.toString('hex')),
    [A, B, C, D],
  );
  assert.equal(new Set(ring.keys.map(({ id }) => id)).size, 4);
});

test('with a given key none is made', async (t) => {
  const folder = temporaryFolder(t);

  const { isNew } = await keptKey(folder, { [KEYS_VARIABLE]: A });

  assert.deepEqual([isNew, existsSync(join(folder, 'backup.key'))], [false, false]);
});

const wrong: Readonly<Record<string, readonly [given: string, says: RegExp]>> = {
  'set, and empty': ['', /Entry 1 of SUREFOOT_BACKUP_KEYS is no key: it must hold 64 hex/],
  'too short': [`${A},${B.slice(1)}`, /Entry 2 of SUREFOOT_BACKUP_KEYS is no key/],
  'no hexadecimal digits': ['g'.repeat(64), /Entry 1 of SUREFOOT_BACKUP_KEYS is no key/],
  'a comma too many': [`${A},`, /Entry 2 of/],
  'a path within something': ['file:keys', /Entry 1 of .* must name its file by an absolute path/],
  'a file that is not there': ['file:/nonexistent/keys', /Entry 1 of .* cannot be read: ENOENT/],
};

for (const [what, [given, says]] of Object.entries(wrong)) {
  test(`keys that are ${what} are refused, and nothing of them is told`, async (t) => {
    const folder = temporaryFolder(t);

    await assert.rejects(keptKey(folder, { [KEYS_VARIABLE]: given }), (error) => {
      assert.ok(!String(error).includes(B.slice(1)));
      return failsWith('backup-key-missing', says)(error);
    });
    assert.ok(!existsSync(join(folder, 'backup.key')));
  });
}

test('a line of a file that is none is named by its number', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'backup.key');
  for (const text of [`${A}\n\n${B}\n`, `${A}\nshort\n${B}`]) {
    writeFileSync(path, text);
    await assert.rejects(
      keptKey(folder, {}),
      failsWith('backup-key-missing', /backup\.key", line 2, is no key/),
    );
  }
  writeFileSync(path, '');
  await assert.rejects(keptKey(folder, {}), failsWith('backup-key-missing', /line 1, is no key/));
});
