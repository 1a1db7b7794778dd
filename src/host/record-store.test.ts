import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { openRecordStore } from './record-store.ts';

test('a host that starts removes what a killed one had begun to write', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sf-rs-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const folders = ['scopes', 'pools', join('instances', 'test.web.1.0')];
  for (const folder of folders) {
    await mkdir(join(directory, folder), { recursive: true });
    const name = 'record.json.0f8fad5b-d9cb-469f-a165-70867728950e.tmp';
    await writeFile(join(directory, folder, name), '{"half":');
  }

  await openRecordStore(directory);

  for (const folder of folders) assert.deepEqual(await readdir(join(directory, folder)), []);
});
