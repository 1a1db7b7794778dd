import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { writeKeeperRecord } from './keeper-record.ts';
import { keptServers } from './kept-servers.ts';

test('a keeper keeps as many servers as it is told, or else as the one before it', (t) => {
  const directory = temporaryStateDirectory(t);
  const aRole = (name: string) => ({ name, process: null, restarts: 0, since: '' });

  assert.deepEqual(keptServers(directory, undefined), ['server']);
  assert.deepEqual(keptServers(directory, '3'), ['server', 'server-2', 'server-3']);
  writeKeeperRecord(directory, {
    keeper: { pid: 1, startTime: '0' },
    roles: ['host', 'edge', 'server', 'server-2'].map(aRole),
  });
  assert.deepEqual(keptServers(directory, undefined), ['server', 'server-2']);
  assert.deepEqual(keptServers(directory, '1'), ['server']);
});
