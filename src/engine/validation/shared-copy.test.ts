import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { shareCopy } from './shared-copy.ts';

function aCopy(...args: Parameters<typeof temporaryFolder>) {
  const directory = temporaryFolder(...args);
  mkdirSync(join(directory, 'lib'));
  writeFileSync(join(directory, 'lib/a.js'), 'good');
  const write = (text: string): void => writeFileSync(join(directory, 'lib/a.js'), text);
  return { directory, write };
}

test('what was changed before somebody prepared is not made right by that, even if nobody has looked', async (t) => {
  const { directory, write } = aCopy(t);
  const copy = await shareCopy(directory);
  write('bad');

  await copy.prepare(() => Promise.resolve());

  assert.equal(await copy.firstChange(), 'lib/a.js');
});

test('what is changed by who prepares is right, and what is changed behind that is not', async (t) => {
  const { directory, write } = aCopy(t);
  const copy = await shareCopy(directory);

  await copy.prepare(async () => {
    await Promise.resolve();
    write('built');
  });
  const found = await copy.firstChange();
  write('bad');

  assert.deepEqual([found, await copy.firstChange()], [null, 'lib/a.js']);
});
