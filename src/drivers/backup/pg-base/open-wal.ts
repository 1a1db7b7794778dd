/** The log of a running cluster, read from its data directory: a slot has the server keep it until it is released. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { invariant } from '../../../core/invariant.ts';
import { openPostgres } from '../../../platform/open-postgres.ts';
import { queryOne } from '../../../platform/query-one.ts';
import { unverifiableBy } from '../../../platform/unverifiable-by.ts';
import type { LogSegment, OpenLog } from '../../contract.ts';
import { lookAtCluster } from './look-at-cluster.ts';
import { readWal } from './read-wal.ts';
import { serverTime, walFileAt, type WalFile } from './wal-of-server.ts';
import { walFileOf, walIdOf, walPlaceOf } from './wal-segment.ts';

export async function openWal(url: string, holder: string): Promise<OpenLog> {
  const control = await openPostgres(url);
  try {
    const { version, data, system } = await lookAtCluster(control);
    await ensureSlot(control, holder);
    const { until, last } = await endSegment(control);
    return {
      ...{ server: `PostgreSQL ${version}`, until, close: () => control.end() },
      segments: await segmentsUpTo(last, { system, folder: join(data, 'pg_wal') }),
      release: (id) => release(control, { holder, id, bytes: last.bytes }),
    };
  } catch (error) {
    await control.end();
    throw unverifiableBy(error);
  }
}

export async function endWal(url: string, holder: string): Promise<boolean> {
  const control = await openPostgres(url);
  try {
    const query =
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1';
    return (await control.query(query, [holder])).rowCount !== 0;
  } catch (error) {
    throw unverifiableBy(error);
  } finally {
    await control.end();
  }
}

/** A lost one keeps nothing any more: from now on another does, and who looks at the names sees what is missing. */
async function ensureSlot(control: Client, holder: string): Promise<void> {
  const lost = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
    WHERE slot_name = $1 AND wal_status = 'lost'`;
  await control.query(lost, [holder]);
  const make = `SELECT pg_create_physical_replication_slot($1, true)
    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`;
  await control.query(make, [holder]);
}

/**
 * PostgreSQL stops at a time by a transaction that ended later: the mark is one. All before it is in segments that have ended,
 * and on the disk.
 */
async function endSegment(
  control: Client,
): Promise<{ readonly until: string; readonly last: WalFile }> {
  await control.query('BEGIN');
  await control.query("SET LOCAL synchronous_commit = 'local'");
  const until = await serverTime(control);
  await control.query("SELECT pg_logical_emit_message(true, 'surefoot', '')");
  await control.query('COMMIT');
  const mark = await walFileAt(control, await lsnOf(control, 'pg_current_wal_insert_lsn()'));
  await control.query('SELECT pg_switch_wal()');
  const open = await walFileAt(control, await lsnOf(control, 'pg_current_wal_flush_lsn() + 1'));
  const last = { ...open, number: open.number - 1 };
  invariant(last.number >= mark.number, 'a mark is on the disk, and its segment has ended');
  return { until, last };
}

async function lsnOf(control: Client, what: string): Promise<string> {
  return (await queryOne<{ lsn: string }>(control, `SELECT (${what})::text AS lsn`)).lsn;
}

/** Of its timeline, as far back as none is missing. */
async function segmentsUpTo(
  { timeline, number: last, bytes }: WalFile,
  { system, folder }: { readonly system: string; readonly folder: string },
): Promise<readonly LogSegment[]> {
  const names = new Set(await readdir(folder));
  const segments: LogSegment[] = [];
  for (let number = last; number >= 0; number -= 1) {
    const file = walFileOf({ timeline, number }, bytes);
    if (!names.has(file)) break;
    const place = { system, timeline, number };
    segments.push({ id: walIdOf(place), content: () => readWal(join(folder, file), place) });
  }
  return segments.reverse();
}

/** The slot may be behind after a crash of the server: what was released before is released once more. */
async function release(
  control: Client,
  { holder, id, bytes }: { readonly holder: string; readonly id: string; readonly bytes: number },
): Promise<void> {
  const place = walPlaceOf(id);
  invariant(place, 'one that was opened is released');
  const query = `SELECT pg_replication_slot_advance($1, '0/0'::pg_lsn + $2::numeric)
    FROM pg_replication_slots WHERE slot_name = $1 AND restart_lsn < '0/0'::pg_lsn + $2::numeric`;
  try {
    await control.query(query, [holder, String((place.number + 1) * bytes)]);
  } catch (error) {
    throw unverifiableBy(error);
  }
}
