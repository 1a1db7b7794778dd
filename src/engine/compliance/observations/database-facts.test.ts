import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { anAuditEntry } from '../../../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../../../test/support/store/test-postgres.ts';
import { temporaryStateDirectory } from '../../../../test/support/temporary-state-directory.ts';
import { readPostgresPlace } from '../../../platform/postgres-place.ts';
import { appendAudit } from '../../../store/audit-store.ts';
import { auditLogKept } from './audit-log-kept.ts';
import { postgresOnSocket } from './postgres-on-socket.ts';

test('what is observed of a database', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('the embedded one listens on a private socket only', async () => {
    const place = aPlace({ directory: postgres.directory });
    const { socketDirectory } = (await readPostgresPlace(postgres.directory))!;
    const found = await postgresOnSocket(place);
    chmodSync(socketDirectory, 0o755);
    const opened = await postgresOnSocket(place);
    chmodSync(socketDirectory, 0o700);

    assert.equal(found.state, 'holds', found.observed);
    assert.deepEqual(opened, { state: 'broken', observed: `${socketDirectory} has mode 755` });
  });

  await t.test('an audit log is whole, until something is gone or may be changed', async (t) => {
    const { database, connectionString, sql } = await testStore(t, postgres);
    const place = aPlace({
      directory: postgres.directory,
      host: { DATABASE_URL: connectionString },
    });
    const states: unknown[] = [(await auditLogKept(place)).state];
    await database
      .transaction()
      .execute((transaction) =>
        appendAudit(transaction, [anAuditEntry(), anAuditEntry(), anAuditEntry()]),
      );
    states.push(await auditLogKept(place));
    await sql('alter table audit_entries disable trigger audit_entries_stay');
    states.push(await auditLogKept(place));
    await sql('update audit_entries set sequence = 9 where sequence = 3');
    await sql('alter table audit_entries enable trigger audit_entries_stay');
    states.push(await auditLogKept(place));
    await sql('alter table audit_entries disable trigger audit_entries_stay');
    await sql('delete from audit_entries where sequence = 9');
    await sql('alter table audit_entries enable trigger audit_entries_stay');
    states.push(await auditLogKept(place));

    assert.deepEqual(states, [
      'unknown',
      { state: 'holds', observed: '3 entries without a gap, and changes are refused' },
      { state: 'broken', observed: 'not in force: audit_entries_stay' },
      { state: 'broken', observed: '3 entries were written, 3 are there, the last is 9' },
      { state: 'broken', observed: '3 entries were written, 2 are there, the last is 2' },
    ]);
  });

  await t.test('one without an audit log, or that does not answer, is unknown', async () => {
    const empty = await postgres.createDatabase();
    const gone = empty.replace('5432', '5433');
    const { directory } = postgres;

    for (const url of [empty, gone]) {
      const { state } = await auditLogKept(aPlace({ directory, host: { DATABASE_URL: url } }));
      assert.equal(state, 'unknown');
    }
  });
});

test('without a database of its own, and with that of others, nothing is known of its sockets', async (t) => {
  const directory = temporaryStateDirectory(t);
  const host = { DATABASE_URL: 'postgresql://db.example/surefoot' };

  const found = [
    await postgresOnSocket(aPlace({ directory })),
    await postgresOnSocket(aPlace({ directory, host })),
    await auditLogKept(aPlace({ directory })),
  ];

  assert.deepEqual(
    found.map(({ state }) => state),
    ['unknown', 'unknown', 'unknown'],
  );
});
