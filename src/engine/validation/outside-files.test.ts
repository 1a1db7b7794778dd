import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { outsideFiles } from './outside-files.ts';

test('files outside are told by their content, those within by nothing', async (t) => {
  const root = temporaryFolder(t);
  const directory = join(root, 'copy');
  mkdirSync(directory);
  writeFileSync(join(root, 'a.md'), 'one');
  writeFileSync(join(directory, 'b.md'), 'two');
  const words = ['cat', join(root, 'a.md'), join(directory, 'b.md'), '../gone', '~/a.md'];

  const before = await outsideFiles(words, { directory, home: root });
  writeFileSync(join(root, 'a.md'), 'other');
  const after = await outsideFiles(words, { directory, home: root });
  assert.ok(before && after);

  assert.deepEqual(
    [...before].map(([path]) => path),
    [words[1], '../gone', '~/a.md'],
  );
  assert.equal(before.get('../gone'), '');
  assert.notEqual(before.get('~/a.md'), after.get('~/a.md'));
});

test('what is in a folder outside nobody knows', async (t) => {
  const directory = temporaryFolder(t);

  assert.equal(await outsideFiles(['ls', '..'], { directory, home: undefined }), null);
  assert.equal((await outsideFiles(['x', '>/dev/null'], { directory, home: undefined }))?.size, 1);
});
