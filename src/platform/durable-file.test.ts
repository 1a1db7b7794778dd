import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { removeUnfinished, writeDurably } from './durable-file.ts';

test('what is written replaces the old content, is private and leaves nothing else', async (t) => {
  const folder = await aFolder(t);
  const path = join(folder, 'a.json');

  await writeDurably(path, 'old');
  await writeDurably(path, 'new');

  assert.equal(await readFile(path, 'utf8'), 'new');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['a.json']);
});

test('files of killed writers are removed, and no others', async (t) => {
  const folder = await aFolder(t);
  const kept = ['a.json', 'b.tmp', 'c.json.new'];
  const left = 'a.json.0f8fad5b-d9cb-469f-a165-70867728950e.tmp';
  for (const name of [...kept, left]) await writeFile(join(folder, name), '');

  await removeUnfinished(folder);

  assert.deepEqual((await readdir(folder)).sort(), kept);
});

async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-df-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
