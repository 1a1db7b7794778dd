/** Applies migrations in one session, under a lock that keeps others out, and measures what each holds. */
import { DatabaseError, type Client } from 'pg';
import type { MigrationRun } from '../../../core/migration/migration-run.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { isSessionLost, lostSession } from '../../../platform/lost-session.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import type { MigrationLimits, MigrationText } from '../../contract.ts';
import { appliedIn, makeTable } from './applied.ts';
import { clearBrokenOff } from './clear-broken-off.ts';
import { locksHeld, relationsNow } from './locks-held.ts';

interface Applying {
  readonly table: string;
  readonly limits: MigrationLimits;
  readonly signal: AbortSignal;
}

export async function apply(
  url: string,
  migrations: readonly MigrationText[],
  applying: Applying,
): Promise<readonly MigrationRun[]> {
  const { table, signal } = applying;
  if (migrations.length === 0) return [];
  const client = await openPostgres(url);
  const stop = (): void => void endSession(url, client);
  signal.addEventListener('abort', stop);
  try {
    return await applyAll(client, migrations, applying);
  } catch (error) {
    signal.throwIfAborted();
    throw told(error, `The table ${table}`);
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end();
  }
}

/** A server goes on with what it was asked for when only the client has gone, and holds its locks. */
async function endSession(url: string, client: Client): Promise<void> {
  const { processID } = client as Client & { readonly processID?: number };
  const other = await openPostgres(url).catch(() => null);
  await other?.query('SELECT pg_terminate_backend($1)', [processID]).catch(() => undefined);
  await other?.end();
}

async function applyAll(
  client: Client,
  migrations: readonly MigrationText[],
  { table, limits, signal }: Applying,
): Promise<readonly MigrationRun[]> {
  await settle(client, limits);
  await client.query("SELECT pg_advisory_lock(hashtext('surefoot migrations'), hashtext($1))", [
    table,
  ]);
  await makeTable(client, table);
  const before = new Map((await appliedIn(client, table)).map((each) => [each.name, each]));
  const runs: MigrationRun[] = [];
  for (const migration of migrations) {
    const known = before.get(migration.name);
    if (known?.isFinished) continue;
    signal.throwIfAborted();
    await settle(client, limits);
    const begun = performance.now();
    const locks = migration.isTransaction
      ? await applyTransaction(client, migration, table)
      : await applyPlainly(client, migration, { table, isAgain: known !== undefined });
    runs.push({ name: migration.name, durationMs: Math.round(performance.now() - begun), locks });
  }
  return runs;
}

/** Whatever the one before has set. */
async function settle(client: Client, { lockMs, statementMs }: MigrationLimits): Promise<void> {
  await client.query(
    `RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET lock_timeout = ${lockMs}; SET statement_timeout = ${statementMs};
    SET idle_in_transaction_session_timeout = ${statementMs}`,
  );
}

/** With its record, or not at all. */
async function applyTransaction(
  client: Client,
  { name, digest, text }: MigrationText,
  table: string,
): Promise<MigrationRun['locks']> {
  const relations = await relationsNow(client);
  await client.query('BEGIN');
  try {
    await client.query(text);
    const locks = await locksHeld(client, relations);
    // Its text may have moved the way to it.
    await client.query(
      `SET LOCAL search_path TO DEFAULT;
      SET LOCAL ROLE NONE`,
    );
    await client.query(
      `INSERT INTO ${table} (name, digest, finished_at) VALUES ($1, $2, clock_timestamp())`,
      [name, digest],
    );
    await client.query('COMMIT');
    return locks;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw told(error, name, text);
  }
}

/** What it is broken off in is put in order by who begins it again. */
async function applyPlainly(
  client: Client,
  { name, digest, text }: MigrationText,
  { table, isAgain }: { readonly table: string; readonly isAgain: boolean },
): Promise<MigrationRun['locks']> {
  try {
    const isDone = isAgain && (await clearBrokenOff(client, text));
    if (!isAgain) {
      await client.query(`INSERT INTO ${table} (name, digest) VALUES ($1, $2)`, [name, digest]);
    }
    if (!isDone) await client.query(text);
    await client.query(`UPDATE ${table} SET finished_at = clock_timestamp() WHERE name = $1`, [
      name,
    ]);
    return [];
  } catch (error) {
    throw told(error, name, text);
  }
}

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/** Whether what was under way came to its end, nobody knows of a session that was lost. */
function told(error: unknown, what: string, text = ''): unknown {
  if (isSessionLost(error)) return lostSession(error, 'unknown');
  return error instanceof DatabaseError ? explained(error, what, text) : error;
}

function explained(error: DatabaseError, what: string, text: string): Error {
  const { code, message, position, detail } = error;
  const line = position === undefined ? '' : `, line ${lineOf(text, Number(position))}`;
  const more = detail === undefined ? '' : ` ${detail}`;
  const isBlocked = code === LOCK_NOT_AVAILABLE || code === DEADLOCK;
  return operationalError(
    isBlocked ? 'migration-blocked' : 'migration-failed',
    `${what}${line}: ${message}.${more}`,
    { cause: error, effect: 'none' },
  );
}

/** PostgreSQL counts characters from 1. */
function lineOf(text: string, position: number): number {
  return [...text].slice(0, position - 1).filter((character) => character === '\n').length + 1;
}
