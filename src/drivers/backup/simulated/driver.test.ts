import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import {
  createSimulatedDatabases,
  EMPTY_DATABASE,
  type SimulatedContent,
} from '../../../platform/simulated-databases.ts';
import { describeBackup } from '../../contract-suites/backup.ts';
import { simulatedBackup } from './driver.ts';

const url = 'simulated://live/shop';
const orders = (rows: readonly string[]): SimulatedContent => ({
  ...EMPTY_DATABASE,
  tables: { orders: { columns: ['id'], rows: [...rows] } },
});

describeBackup('simulated', async () => {
  const databases = createSimulatedDatabases({ [url]: orders(['row 1']) });
  return {
    backup: simulatedBackup({ databases, url }),
    change: () => Promise.resolve(void databases.contents.set(url, orders(['row 1', 'row 2']))),
    leftovers: () => Promise.resolve([...databases.contents.keys()].filter((key) => key !== url)),
  };
});

test('simulated: of a database that is not there nothing is taken', async () => {
  const backup = simulatedBackup({ databases: createSimulatedDatabases(), url });

  const taken = backup.take({ signal: new AbortController().signal });

  await assert.rejects(taken, failsWith('backup-unverifiable', /no database at simulated:/));
});
