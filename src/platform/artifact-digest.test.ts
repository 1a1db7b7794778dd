import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { OperationalError } from '../core/operational-error.ts';
import { digestArtifact } from './artifact-digest.ts';

async function aTree(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-art-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'release');
  await mkdir(join(root, 'lib/empty'), { recursive: true });
  await writeFile(join(root, 'run.mjs'), 'one');
  await writeFile(join(root, 'lib/a.mjs'), 'two!');
  await symlink('../run.mjs', join(root, 'lib/link.mjs'));
  return root;
}

function failsWith(code: string, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof OperationalError);
    assert.equal(error.failure.code, code);
    assert.equal(error.failure.effect, 'none');
    assert.match(error.message, message);
    return true;
  };
}

test('equal trees have equal digests wherever and whenever they were written', async (context) => {
  const left = await aTree(context);
  const right = await aTree(context);
  await utimes(join(right, 'run.mjs'), 1, 1);

  const digest = await digestArtifact(left);

  assert.match(digest.digest, /^sha256:[0-9a-f]{64}$/);
  assert.equal(digest.files, 2);
  assert.equal(digest.bytes, 7);
  assert.deepEqual(await digestArtifact(right), digest);
});

const changes: [string, (root: string) => Promise<void>][] = [
  ['a content', (root) => writeFile(join(root, 'run.mjs'), 'ONE')],
  ['a name', (root) => rename(join(root, 'run.mjs'), join(root, 'ran.mjs'))],
  ['an executable bit', (root) => chmod(join(root, 'run.mjs'), 0o755)],
  ['an empty folder', (root) => rm(join(root, 'lib/empty'), { recursive: true })],
  ['a new file', (root) => writeFile(join(root, 'lib/empty/x'), '')],
  [
    "a link's target",
    async (root) => {
      await rm(join(root, 'lib/link.mjs'));
      await symlink('a.mjs', join(root, 'lib/link.mjs'));
    },
  ],
];

for (const [what, change] of changes) {
  test(`${what} changes the digest`, async (context) => {
    const root = await aTree(context);
    const before = await digestArtifact(root);

    await change(root);

    assert.notEqual((await digestArtifact(root)).digest, before.digest);
  });
}

test('a single file is an artifact, and its name counts', async (context) => {
  const root = await aTree(context);
  const before = await digestArtifact(join(root, 'run.mjs'));
  await rename(join(root, 'run.mjs'), join(root, 'ran.mjs'));

  assert.equal(before.files, 1);
  assert.notEqual((await digestArtifact(join(root, 'ran.mjs'))).digest, before.digest);
});

test('a missing artifact and an empty one are told apart', async (context) => {
  const root = await aTree(context);
  const empty = join(root, 'lib/empty');

  await assert.rejects(
    digestArtifact(join(root, 'no')),
    failsWith('artifact-missing', /not exist/),
  );
  await assert.rejects(digestArtifact(empty), failsWith('artifact-missing', /empty directory/));
});

const refusals: [string, string, RegExp][] = [
  ['an absolute link', '/etc/hostname', /absolute path/],
  ['a link out of the tree', '../../other', /outside/],
  ['a link in a circle', 'x', /circle/],
];

for (const [what, target, message] of refusals) {
  test(`${what} is refused`, async (context) => {
    const root = await aTree(context);
    await symlink(target, join(root, 'x'));

    await assert.rejects(digestArtifact(root), failsWith('config-invalid', message));
  });
}

test('a chain of harmless looking links out of the tree is refused', async (context) => {
  const root = await aTree(context);
  await mkdir(join(root, 'd/e'), { recursive: true });
  await symlink('..', join(root, 'd/e/up'));
  await symlink('up/../..', join(root, 'd/e/out'));

  await assert.rejects(digestArtifact(root), failsWith('config-invalid', /outside/));
});

test('a pipe is refused', async (context) => {
  const root = await aTree(context);
  await promisify(execFile)('mkfifo', [join(root, 'pipe')]);

  await assert.rejects(digestArtifact(root), failsWith('config-invalid', /pipe/));
});
