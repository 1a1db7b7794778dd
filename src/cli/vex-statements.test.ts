import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { vexStatements } from './vex-statements.ts';

test('a pipe that is named as a document is refused, with its path, and nobody waits for it', async (t) => {
  const folder = temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);

  const read = vexStatements({ files: ['pipe'] }, { folder, version: null });

  await assert.rejects(read, /^OperationalError: pipe, named by vex\.files: ".*pipe" is no file/);
});
