import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { aNewDeployment } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { admitDeployment } from '../store/admission-store.ts';
import { installationIdOf } from '../store/deployment-store.ts';
import { claimInstallation } from './claim-installation.ts';

test('a state directory and a database belong together', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('an unused database is claimed, and stays claimed', async (t) => {
    const { database } = await testStore(t, postgres);
    const folder = temporaryStateDirectory(t).root;

    await claimInstallation(database, folder);
    await admitDeployment(database, aNewDeployment());
    await claimInstallation(database, folder);

    const claimed = await readFile(join(folder, 'installation'), 'utf8');
    assert.equal(claimed, `${await installationIdOf(database)}\n`);
  });

  await t.test('another database is refused, however empty', async (t) => {
    const [first, second] = [await testStore(t, postgres), await testStore(t, postgres)];
    const folder = temporaryStateDirectory(t).root;
    await claimInstallation(first.database, folder);

    await assert.rejects(
      claimInstallation(second.database, folder),
      failsWith('database-differs', /belongs to installation/),
    );
  });

  await t.test(
    'a database in use is refused, until somebody says that it goes on here',
    async (t) => {
      const { database } = await testStore(t, postgres);
      await admitDeployment(database, aNewDeployment());
      const folder = temporaryStateDirectory(t).root;
      const id = await installationIdOf(database);

      await assert.rejects(
        claimInstallation(database, folder),
        failsWith('database-differs', new RegExp(`installation ${id}.*write that id into`)),
      );

      await writeFile(join(folder, 'installation'), id);
      await claimInstallation(database, folder);
    },
  );
});
