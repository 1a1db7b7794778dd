import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { keysOfEnvironment } from './configured-keys.ts';

test('keys are read from a file, and nobody waits for a pipe', async (t) => {
  const folder = temporaryFolder(t);
  const [file, pipe] = [join(folder, 'keys'), join(folder, 'pipe')];
  writeFileSync(file, `${'a'.repeat(64)}\n${'b'.repeat(64)}\n`);
  execFileSync('mkfifo', [pipe]);
  const keys = (path: string) => keysOfEnvironment({ SUREFOOT_BACKUP_KEYS: `file:${path}` });

  assert.equal((await keys(file)).length, 2);
  await assert.rejects(keys(pipe), /Entry 1 of SUREFOOT_BACKUP_KEYS: ".*pipe" is no file/);
});
