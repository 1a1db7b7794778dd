import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { createStateDirectory, stateDirectoryAt, type StateDirectory } from './state-directory.ts';

const isRoot = process.getuid?.() === 0;
const needsRoot = { skip: isRoot ? false : 'only root can give files to another user' };
const needsLinux = { skip: process.platform === 'linux' ? false : 'only there /proc is known' };
const nobody = 65534;

/** Not made yet; nothing runs in it. */
function aDirectory(test: TestContext): StateDirectory {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  test.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return stateDirectoryAt(join(folder, 'state'));
}

for (const mode of [0o777, 0o770, 0o702, 0o1777]) {
  const shown = mode.toString(8);
  test(`a state directory of mode ${shown} is refused and nothing is created in it`, async (t) => {
    const directory = aDirectory(t);
    mkdirSync(directory.root);
    chmodSync(directory.root, mode);

    await assert.rejects(
      createStateDirectory(directory),
      failsWith('state-directory-unusable', /\(mode 7\d\d\)\. Close it: chmod 700 \S+state$/),
    );

    assert.deepEqual(readdirSync(directory.root), []);
  });
}

for (const parent of ['/proc', '/dev/null']) {
  test(`a state directory below ${parent}, which takes none, is refused`, needsLinux, async () => {
    await assert.rejects(
      createStateDirectory(stateDirectoryAt(join(parent, 'a', 'state'))),
      failsWith('state-directory-unusable', /cannot be made/),
    );
  });
}

test('a private folder below that is open to others is refused', async (t) => {
  const directory = aDirectory(t);
  await createStateDirectory(directory);
  chmodSync(directory.host, 0o777);

  await assert.rejects(
    createStateDirectory(directory),
    failsWith('state-directory-unusable', /chmod 700 \S+host$/),
  );
});

test('a state directory that others may only read or walk through is taken', async (t) => {
  const directory = aDirectory(t);
  await createStateDirectory(directory);

  for (const mode of [0o755, 0o711, 0o710]) {
    chmodSync(directory.root, mode);
    await createStateDirectory(directory);
  }
});

test('a link of our own is followed', async (t) => {
  const directory = aDirectory(t);
  const target = join(dirname(directory.root), 'elsewhere');
  mkdirSync(target, { mode: 0o700 });
  symlinkSync(target, directory.root);

  await createStateDirectory(directory);

  assert.deepEqual(readdirSync(target).toSorted(), ['edge', 'host', 'logs']);
});

test('a link to a folder that others may write to is refused', async (t) => {
  const directory = aDirectory(t);
  const target = join(dirname(directory.root), 'elsewhere');
  mkdirSync(target);
  chmodSync(target, 0o777);
  symlinkSync(target, directory.root);

  await assert.rejects(createStateDirectory(directory), failsWith('state-directory-unusable'));

  assert.deepEqual(readdirSync(target), []);
});

test('a state directory of another user is refused', needsRoot, async (t) => {
  const directory = aDirectory(t);
  mkdirSync(directory.root, { mode: 0o700 });
  chownSync(directory.root, nobody, nobody);

  await assert.rejects(
    createStateDirectory(directory),
    failsWith(
      'state-directory-unusable',
      /belongs to user 65534, not to user 0.*chown 0 \S+state$/,
    ),
  );

  assert.deepEqual(readdirSync(directory.root), []);
});

test('a link of another user is refused, wherever it leads', needsRoot, async (t) => {
  const directory = aDirectory(t);
  const target = join(dirname(directory.root), 'elsewhere');
  symlinkSync(target, directory.root);
  lchownSync(directory.root, nobody, nobody);

  await assert.rejects(
    createStateDirectory(directory),
    failsWith('state-directory-unusable', /is a link of user 65534/),
  );

  assert.equal(existsSync(target), false);
});
