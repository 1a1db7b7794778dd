import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestFile } from './digest-file.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

test('a digest is that of all bytes, however many pieces they are read in', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'file');

  for (const size of [0, 1, 65_535, 65_536, 65_537, 2 * 1024 * 1024, 2 * 1024 * 1024 + 70_000]) {
    const content = randomBytes(size);
    writeFileSync(path, content);

    const hex = createHash('sha256').update(content).digest('hex');
    assert.deepEqual(await digestFile(path), { hex, bytes: size });
  }
  await assert.rejects(digestFile(join(folder, 'missing')), { code: 'ENOENT' });
});
