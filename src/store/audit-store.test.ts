import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAuditEntry } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { appendAudit, readAudit, type NewAuditEntry } from './audit-store.ts';
import type { Database } from './database.ts';

function append(database: Database, entries: readonly NewAuditEntry[]): Promise<void> {
  return database.transaction().execute((transaction) => appendAudit(transaction, entries));
}

const all = { after: 0, limit: 1_000 };

test('the audit log only grows, without gaps', async (t) => {
  const postgres = await testPostgres(t);

  await t.test(
    'twenty writers at once leave no gap, also where one of them rolls back',
    async (t) => {
      const { database } = await testStore(t, postgres);
      const rolledBack = new Error('rolled back');

      const ends = await Promise.allSettled(
        Array.from({ length: 20 }, (_, writer) =>
          database.transaction().execute(async (transaction) => {
            await appendAudit(transaction, [
              anAuditEntry({ actor: `writer ${writer}` }),
              anAuditEntry({ actor: `writer ${writer}` }),
            ]);
            if (writer % 5 === 0) throw rolledBack;
          }),
        ),
      );

      assert.equal(ends.filter(({ status }) => status === 'rejected').length, 4);
      const entries = await readAudit(database, all);
      assert.deepEqual(
        entries.map(({ sequence }) => sequence),
        Array.from({ length: 32 }, (_, index) => index + 1),
      );
      for (let index = 0; index < entries.length; index += 2) {
        assert.equal(entries[index]?.actor, entries[index + 1]?.actor, 'a commit stays together');
      }
    },
  );

  await t.test('nothing is changed, removed or truncated, not by SQL either', async (t) => {
    const { database, sql } = await testStore(t, postgres);
    await append(database, [anAuditEntry()]);

    for (const text of [
      `update audit_entries set actor = 'mallory'`,
      `delete from audit_entries`,
      `truncate audit_entries`,
    ]) {
      await assert.rejects(sql(text), /audit entries are never changed or removed/, text);
    }
    assert.equal((await readAudit(database, all))[0]?.actor, 'surefoot');
  });

  await t.test('the same key of a deployment is recorded once, the first time', async (t) => {
    const { database } = await testStore(t, postgres);
    await append(database, [anAuditEntry({ key: 'a', actor: 'first' })]);

    await append(database, [
      anAuditEntry({ key: 'a', actor: 'second' }),
      anAuditEntry({ key: 'b' }),
      anAuditEntry({ key: 'a', deployment: 2, actor: 'other deployment' }),
      anAuditEntry({ key: 'b', actor: 'twice in one call' }),
    ]);

    const entries = await readAudit(database, all);
    assert.deepEqual(
      entries.map(({ sequence, actor }) => [sequence, actor]),
      [
        [1, 'first'],
        [2, 'surefoot'],
        [3, 'other deployment'],
      ],
    );
  });

  await t.test(
    'of writers at once with the same key one is recorded, and none fails',
    async (t) => {
      const { database } = await testStore(t, postgres);

      await Promise.all(
        Array.from({ length: 10 }, () => append(database, [anAuditEntry({ key: 'same' })])),
      );

      assert.deepEqual(
        (await readAudit(database, all)).map(({ sequence }) => sequence),
        [1],
      );
    },
  );

  await t.test('what was told is read back as it was, in pages and by deployment', async (t) => {
    const { database } = await testStore(t, postgres);
    const body = { kind: 'AbortRequested', reason: 'it’s "odd"; \u202e 🚀' } as const;
    await append(database, [
      anAuditEntry({ body }),
      anAuditEntry({ deployment: 2 }),
      anAuditEntry({ deployment: null, scope: null }),
      anAuditEntry(),
    ]);

    const ofFirst = await readAudit(database, { deployment: 1, ...all });
    const page = await readAudit(database, { after: 1, limit: 2 });

    assert.deepEqual(
      ofFirst.map(({ sequence }) => sequence),
      [1, 4],
    );
    assert.deepEqual(ofFirst[0]?.body, body);
    assert.match(ofFirst[0].at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.deepEqual(
      page.map(({ sequence, deployment }) => [sequence, deployment]),
      [
        [2, 2],
        [3, null],
      ],
    );
  });
});
