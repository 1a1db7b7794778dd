import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { holdingSqlite } from './hold-sqlite.ts';

test('who has it open keeps it from being held, and who opens it meanwhile waits', async (t) => {
  const path = join(temporaryFolder(t), 'live.sqlite');
  const other = new DatabaseSync(path);
  other.exec('PRAGMA journal_mode = WAL; CREATE TABLE orders (id)');
  const held = (work: () => Promise<void>) => holdingSqlite(path, work);

  await assert.rejects(
    held(() => assert.fail('it is not held')),
    failsWith('not-switched', /is in use: SQLite says: database is locked/),
  );
  other.exec('INSERT INTO orders VALUES (1)');
  other.close();
  await held(async () => {
    await Promise.resolve();
    assert.ok(!existsSync(`${path}-wal`));
    const late = new DatabaseSync(path, { timeout: 0 });
    assert.throws(() => late.exec('SELECT * FROM orders'), /database is locked/);
    late.close();
  });
});
