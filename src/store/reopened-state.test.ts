import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aNewDeployment, anAuditEntry } from '../../test/support/store/deployment-request.ts';
import { testPostgres, testStore } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { ensurePostgres } from '../platform/ensure-postgres.ts';
import { postgresStatus } from '../platform/postgres-status.ts';
import { postgresStore } from './postgres-store.ts';
import type { Store } from './store.ts';

const KILLS = 3;
const WRITTEN_MIN = 20;

// Failure of others, as in the table of docs/reliability.md.
test('unreplayable-state (PGlite 327, 994, decocms 2710): PostgreSQL opens after every kill, with all it had acknowledged', async (t) => {
  const postgres = await testPostgres(t);
  const { database, sql } = await testStore(t, postgres);
  const store = postgresStore(database);
  const request = aNewDeployment();
  await store.admitDeployment(request);
  const before = await store.findDeployment(1);
  const acknowledged: string[] = [];

  for (let kills = 1; kills <= KILLS; kills += 1) {
    const atLeast = acknowledged.length + WRITTEN_MIN;
    const writing = writeUntilLost(store, acknowledged);
    await until('some of it is acknowledged', () => acknowledged.length >= atLeast);
    // Every process of this server, and the first of all of them.
    const rows = await sql('select pid from pg_stat_activity');
    const postmaster = (await postgresStatus(postgres.directory))?.pid;
    assert.ok(postmaster);
    for (const pid of [postmaster, ...rows.map((row) => Number(row['pid']))]) end(pid);
    await writing;

    assert.equal((await ensurePostgres(postgres.directory)).adopted, false);

    await until('the store answers', () => store.findDeployment(1).then(Boolean, () => false));
    const entries = await store.readAudit({ after: 0, limit: 100_000 });
    assert.deepEqual(
      entries.map(({ sequence }) => sequence),
      entries.map((_entry, index) => index + 1),
    );
    const found = entries.map(({ body }) => (body.kind === 'AbortRefused' ? body.reason : ''));
    // The last one may have been written, and nobody heard of it.
    assert.deepEqual(found.slice(0, acknowledged.length), acknowledged);
    assert.ok(found.length <= acknowledged.length + 1);
    assert.deepEqual(await store.findDeployment(1), before);
  }
});

/** One entry after the other; what was lost is written again under the same key. */
async function writeUntilLost(store: Store, acknowledged: string[]): Promise<void> {
  for (;;) {
    const reason = String(acknowledged.length);
    const body = { kind: 'AbortRefused', actor: 'local:ada', reason } as const;
    try {
      await store.appendAudit([anAuditEntry({ key: reason, body })]);
    } catch {
      // The server is gone: that is what it was written for.
      return;
    }
    acknowledged.push(reason);
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with the one before.
  }
}
