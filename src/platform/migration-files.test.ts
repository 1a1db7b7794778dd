import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { readMigrationText } from './migration-files.ts';

test('a pipe among the migrations is refused, with its name, and nobody waits for it', async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, '1.sql')]);

  await assert.rejects(
    readMigrationText(folder, '1.sql'),
    /^OperationalError: 1\.sql: ".*" is no file/,
  );
});
