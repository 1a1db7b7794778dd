import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeFolder } from './remove-folder.ts';

test('a folder is removed with folders that are only to be read, and again is as once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  const closed = join(folder, 'closed');
  mkdirSync(join(closed, 'deep'), { recursive: true });
  writeFileSync(join(closed, 'deep', 'file'), '');
  chmodSync(join(closed, 'deep'), 0o500);
  chmodSync(closed, 0o500);

  await removeFolder(folder);
  await removeFolder(folder);

  assert.equal(existsSync(folder), false);
});
