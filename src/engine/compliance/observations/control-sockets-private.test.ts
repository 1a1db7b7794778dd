import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { temporaryStateDirectory } from '../../../../test/support/temporary-state-directory.ts';
import { listenPrivately } from '../../../platform/listen-privately.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { controlSocketsPrivate } from './control-sockets-private.ts';

test('control sockets are private as they are bound, and not when somebody opens one', async (t) => {
  const directory = temporaryStateDirectory(t);
  for (const path of [directory.edgeSocket, directory.hostSocket]) {
    const listener = await listenPrivately(createServer(), path);
    t.after(() => listener.close());
  }
  const place = aPlace({ directory });
  const asBound = await controlSocketsPrivate(place);

  chmodSync(directory.edgeSocket, 0o660);
  const opened = await controlSocketsPrivate(place);

  assert.deepEqual(asBound, { state: 'holds', observed: 'edge.sock, host.sock, all of mode 600' });
  assert.deepEqual(opened, { state: 'broken', observed: 'edge.sock has mode 660' });
});

test('without a socket nothing is known, and a file of that name is none', async (t) => {
  const directory = temporaryStateDirectory(t);
  writeFileSync(directory.serverSocket, '', { mode: 0o600 });
  const nowhere = stateDirectoryAt(join(directory.root, 'none'));

  for (const each of [directory, nowhere]) {
    assert.equal((await controlSocketsPrivate(aPlace({ directory: each }))).state, 'unknown');
  }
});
