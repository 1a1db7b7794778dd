/** What PostgreSQL itself does with a migration: which locks it holds, what it writes anew and reads whole. */
import { Client } from 'pg';
import type { Touch } from '../../src/core/migration/judged.ts';
import { lockModes, strongestLock, type LockMode } from '../../src/core/migration/lock-mode.ts';

export interface MeasuredRelation {
  readonly relation: string;
  /** The table of an index; the same for everything else. */
  readonly table: string;
  readonly lock: LockMode | null;
  readonly isRewritten: boolean;
  /** Null where nobody has counted. */
  readonly isRead: boolean | null;
}

interface RelationRow {
  readonly oid: string;
  readonly relation: string;
  readonly of_table: string;
  readonly filenode: string | null;
  readonly scans: string;
  readonly is_empty: boolean;
}

const relationsQuery = `
  SELECT c.oid::text, c.oid::regclass::text AS relation, pg_relation_filenode(c.oid)::text AS filenode,
    pg_relation_size(c.oid) = 0 AS is_empty,
    coalesce(i.indrelid, c.oid)::regclass::text AS of_table,
    coalesce((SELECT seq_scan FROM pg_stat_xact_all_tables s WHERE s.relid = c.oid), 0)::text AS scans
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.relnamespace IN ('public'::regnamespace, 'archive'::regnamespace) AND c.relkind <> 'c'`;

const locksQuery = `
  SELECT relation::text AS oid, mode FROM pg_locks
  WHERE locktype = 'relation' AND pid = $1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** In a transaction that is rolled back; throws what the server says against it. */
export async function measureInTransaction(url: string, sql: string): Promise<MeasuredRelation[]> {
  return await withClient(url, async (client) => {
    await client.query('BEGIN');
    const before = await relationsNow(client);
    await client.query(sql);
    await client.query('SET LOCAL search_path = public');
    const locks = await locksNow(client, await pidOf(client));
    const after = await relationsNow(client);
    await client.query('ROLLBACK');
    return before.map((row) => compared(row, locks, after));
  });
}

/**
 * Outside of one: somebody else holds a lock on the table that lets readers and writers pass and
 * nobody else, so that the statement shows the lock it asks for. Then it is let go.
 */
export async function measureOutside(
  url: string,
  sql: readonly string[],
  table: string,
): Promise<MeasuredRelation[]> {
  return await withClient(url, async (client) =>
    withClient(url, async (other) => {
      const before = await relationsNow(other);
      const pid = await pidOf(client);
      await other.query(`BEGIN; LOCK TABLE ${table} IN SHARE UPDATE EXCLUSIVE MODE`);
      for (const setting of sql.slice(0, -1)) await client.query(setting);
      const running = client.query(sql.at(-1) ?? '');
      const locks = await Promise.race([
        locksWhenWaiting(other, pid),
        running.then(() => new Map()),
      ]);
      await other.query('COMMIT');
      await running;
      const after = await relationsNow(other);
      return before.map((row) => ({ ...compared(row, locks, after), isRead: null }));
    }),
  );
}

async function locksWhenWaiting(client: Client, pid: number): Promise<Map<string, LockMode[]>> {
  for (;;) {
    const { rows } = await client.query<{ waits: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM pg_locks WHERE pid = $1 AND NOT granted) AS waits',
      [pid],
    );
    if (rows[0]?.waits === true) return await locksNow(client, pid);
  }
}

async function locksNow(client: Client, pid: number): Promise<Map<string, LockMode[]>> {
  const { rows } = await client.query<{ oid: string; mode: string }>(locksQuery, [pid]);
  const locks = new Map<string, LockMode[]>();
  for (const { oid, mode } of rows) locks.set(oid, [...(locks.get(oid) ?? []), lockNamed(mode)]);
  return locks;
}

/** `AccessExclusiveLock` is `ACCESS EXCLUSIVE`. */
function lockNamed(mode: string): LockMode {
  const words = mode.replace(/Lock$/, '').replaceAll(/(?!^)[A-Z]/g, (letter) => ` ${letter}`);
  const named = lockModes.find((lock) => lock === words.toUpperCase());
  if (named === undefined) throw new Error(`PostgreSQL has a lock ${mode}.`);
  return named;
}

async function relationsNow(client: Client): Promise<RelationRow[]> {
  return (await client.query<RelationRow>(relationsQuery)).rows;
}

async function pidOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid ?? 0;
}

function compared(
  { oid, relation, of_table: table, filenode, scans }: RelationRow,
  locks: ReadonlyMap<string, readonly LockMode[]>,
  after: readonly RelationRow[],
): MeasuredRelation {
  const then = after.find((row) => row.oid === oid);
  return {
    ...{ relation, table, lock: strongestLock(locks.get(oid) ?? []) },
    // One that was emptied has another file, too.
    isRewritten: then !== undefined && then.filenode !== filenode && !then.is_empty,
    isRead: then !== undefined && then.scans !== scans,
  };
}

export async function withClient<Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** What was said and what was measured, where they differ; locks of readers are left out. */
export function differences(
  touches: readonly Touch[],
  measured: readonly MeasuredRelation[],
): string[] {
  return measured.flatMap((each) => {
    const said = touches.filter((touch) => isAbout(touch, each.relation));
    return [...lockDifference(said, touches, each, measured), ...workDifferences(said, each)];
  });
}

function isAbout(touch: Touch, relation: string): boolean {
  return touch.relation.replace(/^public\./, '') === relation;
}

/** A table and its indexes are locked together, and a text names one of them. */
function lockDifference(
  said: readonly Touch[],
  touches: readonly Touch[],
  { relation, table, lock }: MeasuredRelation,
  measured: readonly MeasuredRelation[],
): string[] {
  const saidLock = strongestLock(said.map((touch) => touch.lock));
  const family = measured.filter((each) => each.table === table);
  const heldByFamily = family.map((each) => each.lock);
  if (saidLock !== null) {
    const isHeld = saidLock === lock || (relation !== table && heldByFamily.includes(saidLock));
    return isHeld ? [] : [`${relation}: said ${saidLock}, held ${lock ?? 'nothing'}`];
  }
  const isHeavy = lock !== null && lockModes.indexOf(lock) >= lockModes.indexOf('ROW EXCLUSIVE');
  const isToldOfFamily = family.some((each) =>
    touches.some((touch) => isAbout(touch, each.relation)),
  );
  return isHeavy && !isToldOfFamily ? [`${relation}: said nothing, held ${lock}`] : [];
}

function workDifferences(
  said: readonly Touch[],
  { relation, isRewritten, isRead }: MeasuredRelation,
): string[] {
  const measured = { rewrites: isRewritten, scans: isRead };
  return (['rewrites', 'scans'] as const).flatMap((what) => {
    const certainties = said.map((touch) => touch[what]);
    const is = measured[what];
    if (said.length === 0 || is === null || certainties.includes('maybe')) return [];
    return certainties.includes('yes') === is
      ? []
      : [`${relation}: said ${what} ${certainties.join(', ')}, measured ${String(is)}`];
  });
}

/** Of an index, the table that it belongs to. */
export async function tableOf(url: string, relation: string): Promise<string> {
  return await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT coalesce(i.indrelid, c.oid)::regclass::text AS name
       FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid WHERE c.oid = $1::regclass`,
      [relation],
    );
    return rows[0]?.name ?? relation;
  });
}
