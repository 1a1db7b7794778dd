import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { systemClock } from './clock.ts';
import { startRestoredPostgres } from './restored-postgres.ts';

/** A server that says just this, and ends. */
function startSaying(t: TestContext, text: string): Promise<string> {
  const root = temporaryFolder(t);
  const dataDirectory = join(root, 'data');
  mkdirSync(dataDirectory);
  const program = join(root, 'postgres');
  writeFileSync(program, `#!/bin/sh\necho '${text}'\nexit 1\n`, { mode: 0o755 });
  const place = { root, dataDirectory, socketDirectory: join(root, 's'), password: '' };
  return startRestoredPostgres(
    { ...place, account: null },
    {
      ...{
        program,
        logFile: join(root, 'log'),
        recovery: { kind: 'mark', restorePoint: 'p' },
        user: 'surefoot',
      },
      ...{ clock: systemClock, signal: new AbortController().signal },
    },
  );
}

test('a server that does not come up shows a damaged backup, unless it lacked room', async (t) => {
  await assert.rejects(
    startSaying(t, 'FATAL:  could not locate a valid checkpoint record'),
    failsWith('backup-damaged', /valid checkpoint record/),
  );
  await assert.rejects(
    startSaying(t, 'FATAL:  could not write to file "pg_wal/xlogtemp.9": No space left on device'),
    failsWith('backup-unverifiable', /No space left/),
  );
});
