/** Applies migrations in one session, under a lock that keeps others out, and measures what each holds. */
import type { Client } from 'pg';
import type { MigrationText } from '../core/migration/migration-file.ts';
import type { HeldLock, MigrationRun } from '../core/migration/migration-run.ts';
import { operationalError } from '../core/operational-error.ts';
import { clearBrokenOff } from './clear-broken-off.ts';
import { locksHeld, relationsNow } from './locks-held.ts';
import { appliedIn, recordMigration, type MigrationRecord } from './migration-record.ts';
import { refusedMigration } from './refused-migration.ts';
import {
  settleSession,
  withMigrationSession,
  type MigrationSession,
} from './with-migration-session.ts';

export async function applyMigrations(
  url: string,
  migrations: readonly MigrationText[],
  session: MigrationSession,
): Promise<readonly MigrationRun[]> {
  if (migrations.length === 0) return [];
  return withMigrationSession(url, session, async (client) => {
    const runs: MigrationRun[] = [];
    for (const migration of migrations) {
      session.signal.throwIfAborted();
      await settleSession(client, session);
      const run = await applyOne(client, migration, session.record);
      if (run !== null) runs.push(run);
    }
    return runs;
  });
}

/** Null of one that is applied already. */
async function applyOne(
  client: Client,
  migration: MigrationText,
  record: MigrationRecord,
): Promise<MigrationRun | null> {
  const { name, digest, text, isTransaction } = migration;
  const recordedAs = record.recordedAs(name);
  const known = (await appliedIn(client, record)).find((each) => each.name === recordedAs);
  if (known?.isFinished) return null;
  const begun = performance.now();
  try {
    const locks = isTransaction
      ? await applyTransaction(client, { recordedAs, digest, text }, record)
      : await applyPlainly(
          client,
          { recordedAs, digest, text, isAgain: known !== undefined },
          record,
        );
    if (locks === null) return null;
    return { name, durationMs: Math.round(performance.now() - begun), locks };
  } catch (error) {
    throw refusedMigration(error, name, text);
  }
}

interface Known {
  readonly recordedAs: string;
  readonly digest: string;
  readonly text: string;
}

/** With its record, or not at all. Null when the tool that migrates beside came first. */
async function applyTransaction(
  client: Client,
  { recordedAs, digest, text }: Known,
  { table, tool }: MigrationRecord,
): Promise<readonly HeldLock[] | null> {
  const relations = await relationsNow(client);
  await client.query('BEGIN');
  try {
    // Before all else: who adds the same waits from here on, and finds it there.
    if (tool && !(await tool.add(client, recordedAs))) {
      await client.query('ROLLBACK');
      return null;
    }
    const transaction = await transactionOf(client);
    await client.query(text);
    if ((await transactionOf(client)) !== transaction) throw endedItself(recordedAs);
    const locks = await locksHeld(client, relations);
    // Its text may have moved the way to it.
    await client.query(
      `SET LOCAL search_path TO DEFAULT; SET LOCAL ROLE NONE; ${tool?.settings ?? ''}`,
    );
    await recordMigration(client, table, { recordedAs, digest, isFinished: true });
    await client.query('COMMIT');
    return locks;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** What it is broken off in is put in order by who begins it again. */
async function applyPlainly(
  client: Client,
  { recordedAs, digest, text, isAgain }: Known & { readonly isAgain: boolean },
  { table, tool }: MigrationRecord,
): Promise<readonly HeldLock[]> {
  const isDone = isAgain && (await clearBrokenOff(client, text));
  await recordMigration(client, table, { recordedAs, digest, isFinished: false });
  if (!isDone) await client.query(text);
  await client.query('BEGIN');
  await tool?.add(client, recordedAs);
  await recordMigration(client, table, { recordedAs, digest, isFinished: true });
  await client.query('COMMIT');
  return [];
}

async function transactionOf(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('SELECT txid_current()::text AS id');
  return rows[0]?.id;
}

function endedItself(name: string): Error {
  const message = `${name} ends its transaction itself, and stays as far as it came. Leave out COMMIT and ROLLBACK.`;
  return operationalError('migration-failed', message, { effect: 'applied' });
}
