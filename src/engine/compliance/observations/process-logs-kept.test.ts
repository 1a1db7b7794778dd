import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdirSync } from 'node:fs';
import { serveKeeperStatus } from '../../../../test/support/keeper-status.ts';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { startListener } from '../../../../test/support/start-listener.ts';
import { temporaryStateDirectory } from '../../../../test/support/temporary-state-directory.ts';
import { launchKept } from '../../../../test/support/launch-kept.ts';
import { roleLogFile } from '../../../platform/keeper-files.ts';
import { processLogsKept } from './process-logs-kept.ts';

const linux = { skip: process.platform !== 'linux' };

test(
  'what a process prints is kept where its log is, and of one that writes elsewhere it is not',
  linux,
  async (t) => {
    const directory = temporaryStateDirectory(t);
    mkdirSync(directory.logs);
    const keeper = await launchKept(t, roleLogFile(directory, 'keeper'));
    const server = await launchKept(t, roleLogFile(directory, 'server'));
    const { pid: stray } = await startListener(t, { listens: false });
    const place = aPlace({ directory });

    await serveKeeperStatus(t, directory, { pid: keeper, roles: { server, edge: null } });
    const kept = await processLogsKept(place);
    await serveKeeperStatus(t, directory, { pid: keeper, roles: { server, host: stray } });
    const lost = await processLogsKept(place);

    assert.deepEqual(kept, {
      ...{ state: 'holds', observed: `keeper, server write to logs in ${directory.logs}` },
    });
    assert.deepEqual(lost, { state: 'broken', observed: 'host writes to no log' });
  },
);

test('where Surefoot does not run, nothing is known', async (t) => {
  const place = aPlace({ directory: temporaryStateDirectory(t) });

  assert.equal((await processLogsKept(place)).state, 'unknown');
});
