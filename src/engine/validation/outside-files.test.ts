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
  const [outside, spaced] = [join(root, 'a.md'), join(root, 'my a=b.md')];
  writeFileSync(spaced, 'one');
  writeFileSync(outside, 'one');
  writeFileSync(join(directory, 'b.md'), 'two');
  const words = ['cat', outside, join(directory, 'b.md'), '>/dev/null'];

  const before = await outsideFiles(words, { directory, home: root });
  writeFileSync(outside, 'other');
  const after = await outsideFiles(words, { directory, home: root });

  assert.ok(before && after);
  assert.deepEqual([...before.keys()], [outside, '/dev/null']);
  assert.notDeepEqual(before, after);
  const digest = after.get(outside);
  for (const word of ['../a.md', '~/a.md', `-c${outside}`, `--x=${outside}`, `x ${outside}`]) {
    const found = await outsideFiles([word], { directory, home: root });
    assert.deepEqual(found, new Map([[outside, digest]]), word);
  }
  assert.deepEqual(
    [...((await outsideFiles([spaced], { directory, home: root })) ?? [])].length,
    1,
  );
});

test('what is in a folder outside, or not there, or only known to a shell, nobody knows', async (t) => {
  const root = temporaryFolder(t);
  const directory = join(root, 'copy');
  mkdirSync(join(directory, 'src'), { recursive: true });
  const unknown = [
    ...['..', root, join(root, 'gone'), '../gone', 'src/../../gone', `cat "${root}/my rules"`],
    ...['cat $HOME/x', 'https://host/x', `${root}/*.yml`],
  ];

  for (const word of unknown) {
    assert.equal(await outsideFiles(['x', word], { directory, home: root }), null, word);
  }
  const known = ['src', 'src/a.js', '-e', 'if (/bad/.test(x)) y()', '{report}'];
  assert.equal((await outsideFiles(known, { directory, home: root }))?.size, 0);
});
