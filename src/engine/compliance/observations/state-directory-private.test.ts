import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { temporaryStateDirectory } from '../../../../test/support/temporary-state-directory.ts';
import { createStateDirectory, stateDirectoryAt } from '../../../platform/state-directory.ts';
import { stateDirectoryPrivate } from './state-directory-private.ts';

test('a state directory as Surefoot makes it is private, until somebody opens a part of it', async (t) => {
  const directory = temporaryStateDirectory(t, 'state');
  await createStateDirectory(directory);
  const place = aPlace({ directory });
  const asMade = await stateDirectoryPrivate(place);

  chmodSync(directory.logs, 0o755);
  const opened = await stateDirectoryPrivate(place);
  chmodSync(directory.logs, 0o700);
  const record = join(directory.root, 'keeper.json');
  writeFileSync(record, '{}', { mode: 0o640 });
  const readable = await stateDirectoryPrivate(place);
  rmSync(record);

  assert.equal(asMade.state, 'holds', asMade.observed);
  assert.deepEqual(opened, { state: 'broken', observed: `${directory.logs} has mode 755` });
  assert.deepEqual(readable, { state: 'broken', observed: `${record} has mode 640` });
});

test('where there is no state directory, nothing is known', async (t) => {
  const { root } = temporaryStateDirectory(t);
  const directory = stateDirectoryAt(join(root, 'none'));

  assert.equal((await stateDirectoryPrivate(aPlace({ directory }))).state, 'unknown');
});
