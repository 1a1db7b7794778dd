import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anEmptyDatabase } from '../../../test/support/empty-database.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { aPlannedDatabase, plannedMigrations } from '../../../test/support/planned-database.ts';
import { runningPostgres } from '../../../test/support/running-postgres.ts';
import type { Migrator } from '../../drivers/contract.ts';
import { commandMigration } from '../../drivers/migration/command/driver.ts';
import { dbmateMigration } from '../../drivers/migration/dbmate/driver.ts';
import { nodePgMigrateMigration } from '../../drivers/migration/node-pg-migrate/driver.ts';
import { sqlMigration } from '../../drivers/migration/sql/driver.ts';
import { postgresSchema } from '../../platform/postgres-schema.ts';
import { packedSecrets } from './database-secrets.ts';
import type { DatabaseTools } from './database-tools.ts';
import { databaseWorkFrom } from './database-work.ts';

const postgres = runningPostgres();
const { signal } = new AbortController();
const environment = { stateDirectory: '/none' };
const digests = 'surefoot_migrations';

const MIGRATORS: Readonly<Record<string, Migrator>> = {
  sql: sqlMigration.connect({ table: digests }, environment),
  dbmate: dbmateMigration.connect({ table: 'schema_migrations', digests }, environment),
  'node-pg-migrate': nodePgMigrateMigration.connect(
    { table: 'pgmigrations', schema: ['public'], digests },
    environment,
  ),
};

for (const [driver, migrator] of Object.entries(MIGRATORS)) {
  test(`${driver}: what is applied is in the schema, and where that is recorded is not`, async (t) => {
    const { url, query } = await anEmptyDatabase(t, postgres);
    const name = '1_orders.sql';
    const [planned] = plannedMigrations().now;
    assert.ok(planned);
    const database = aPlannedDatabase({
      migrations: plannedMigrations({ now: [{ ...planned, name }] }),
    });
    const [service] = aPlan({ database }).services;
    const packed = packedSecrets({ url, migration: {}, env: {} });
    const work = databaseWorkFrom({
      ...({} as DatabaseTools),
      migratorOf: () => migrator,
      schemaOf: postgresSchema,
    });
    const read = () =>
      work.readSchema({ service, environmentOf: () => Promise.resolve(packed), signal });
    const before = await read();

    const text = 'CREATE TABLE orders (id serial PRIMARY KEY)';
    await migrator.apply(
      url,
      [{ name, path: '', digest: 'd', isTransaction: true, text }],
      { lockMs: 2_000, statementMs: 10_000 },
      { signal },
    );

    const after = await read();
    assert.deepEqual(before.applied, []);
    assert.deepEqual(after.applied, [name]);
    assert.notEqual(after.digest, before.digest);
    const isNew = Object.keys(after.objects).filter((object) => !(object in before.objects));
    assert.deepEqual(isNew.toSorted(), ['public.orders', 'public.orders_id_seq']);
    await query('DROP TABLE orders');
    assert.equal((await read()).digest, before.digest);
    assert.equal(after.place, before.place);
  });
}

test('a program of the author keeps its records where it likes, and Surefoot its digests apart', () => {
  const migrator = commandMigration.connect(
    { applied: ['a'], apply: ['{name}'], digests },
    environment,
  );

  assert.deepEqual(migrator.records, [digests]);
});
