/** The log of a real server, and what a backup becomes by it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Client } from 'pg';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { runningPostgres } from '../../../../test/support/running-postgres.ts';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import { invariant } from '../../../core/invariant.ts';
import { segmentBehind } from '../../../core/backup/log-segment-id.ts';
import { inPieces, wholeOf } from '../../contract-suites/backup-content.ts';
import type { BackupLog, LogSegment, LogStart } from '../../contract.ts';
import { pgBaseBackup } from './driver.ts';
import { walHeaderIn, walIdOf, walPlaceOf } from './wal-segment.ts';
import { writeWal } from './write-wal.ts';

const postgres = runningPostgres();
const state = mkdtempSync(join(tmpdir(), 'sf-'));
after(() => rmSync(state, { recursive: true }));
const context = { signal: new AbortController().signal };
const HOLDER = 'surefoot_log_test';

interface Kept {
  readonly id: string;
  readonly bytes: Buffer;
}

function aDriver(): { readonly take: () => Promise<Moment>; readonly log: BackupLog } {
  const backup = pgBaseBackup.connect({ url: postgres.url() }, { stateDirectory: state });
  const { log } = backup;
  invariant(log, 'it has one');
  return {
    log,
    async take() {
      const taken = await backup.take(context);
      const { content } = await wholeOf(taken);
      const start = taken.logStart?.();
      invariant(start, 'it was read');
      return { content, start };
    },
  };
}

interface Moment {
  readonly content: Buffer;
  readonly start: LogStart;
}

/** All segments from the first behind `after` on, and how far they reach. */
async function turn(
  log: BackupLog,
  from: string,
): Promise<{ readonly kept: readonly Kept[]; readonly until: string }> {
  const open = await log.open(HOLDER, context);
  try {
    const first = open.segments.findIndex(({ id }) => id === segmentBehind(from));
    const kept: Kept[] = [];
    for (const segment of open.segments.slice(first)) {
      const pieces: Uint8Array[] = [];
      for await (const piece of segment.content()) pieces.push(Buffer.from(piece));
      kept.push({ id: segment.id, bytes: Buffer.concat(pieces) });
    }
    await open.release(kept.at(-1)?.id ?? '');
    return { kept, until: open.until };
  } finally {
    await open.close();
  }
}

async function* asSegments(kept: readonly Kept[]): AsyncGenerator<LogSegment> {
  for (const { id, bytes } of kept) {
    yield await Promise.resolve({ id, content: () => inPieces(bytes) });
  }
}

/** RFC 3339, by the server's clock, with nothing that ends in the same millisecond. */
async function insertAndNow(client: Client, title: string): Promise<string> {
  await client.query('INSERT INTO moments VALUES ($1)', [title]);
  await client.query('SELECT pg_sleep(0.005)');
  const query = `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`;
  const { rows } = await client.query<{ now: string }>(query);
  await client.query('SELECT pg_sleep(0.005)');
  return rows[0]?.now ?? '';
}

async function withClient<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return work(client).finally(() => client.end());
}

test('pg-base: by the log a backup becomes what was there at any moment behind it, and no other', async () => {
  const { log, take } = aDriver();
  await postgres.run('CREATE TABLE moments (title text)');
  const { content, start } = await take();
  const [first, second] = await withClient(postgres.url(), async (client) => {
    const one = await insertAndNow(client, 'one');
    const two = await insertAndNow(client, 'two');
    await insertAndNow(client, 'three');
    return [one, two] as const;
  });
  const { kept, until } = await turn(log, start.after);
  assert.ok(second < until);
  // What was not written is not kept.
  assert.ok(kept.every(({ bytes }) => bytes.length < 4 * 1024 ** 2));

  for (const [at, titles] of [
    [first, 'one'],
    [second, 'one two'],
  ] as const) {
    const restored = await log.restoreAt(
      inPieces(content),
      { at, segments: asSegments(kept) },
      context,
    );
    try {
      const found = await withClient(
        restored.address.replace('/postgres?', '/surefoot?'),
        async (client) => {
          const query = "SELECT coalesce(string_agg(title, ' '), '') AS titles FROM moments";
          return (await client.query<{ titles: string }>(query)).rows[0]?.titles;
        },
      );
      assert.equal(found, titles);
      assert.match(restored.reached, /^recovery stopping before commit of transaction \d+, time /);
      assert.deepEqual(await restored.faults(), []);
      assert.ok((await restored.parts()).some(({ name }) => name === 'surefoot.public.moments'));
    } finally {
      await restored.remove();
    }
  }

  // PostgreSQL itself sees that what is there ends before that moment.
  await assert.rejects(
    log.restoreAt(inPieces(content), { at: until, segments: asSegments([]) }, context),
    failsWith('backup-damaged', /recovery ended before configured recovery target was reached/),
  );
  const notes = readdirSync(join(state, 'restoring')).filter((name) => name.endsWith('.json'));
  assert.deepEqual(notes, []);
});

test('pg-base: a segment of another cluster, by another name or cut off is put nowhere', async (t) => {
  const { log } = aDriver();
  const open = await log.open(HOLDER, context);
  await open.close();
  const { id } = open.segments.at(-1) ?? { id: '' };
  const { kept } = await turn(log, id);
  const place = walPlaceOf(id);
  const [one] = kept;
  invariant(one && place, 'there is one more');
  const dataDirectory = temporaryFolder(t);
  mkdirSync(join(dataDirectory, 'global'));
  mkdirSync(join(dataDirectory, 'pg_wal'));
  const control = Buffer.alloc(8);
  control.writeBigUInt64LE(BigInt(place.system));
  writeFileSync(join(dataDirectory, 'global/pg_control'), control);
  const write = (segment: Kept): Promise<void> =>
    writeWal(asSegments([segment]), { dataDirectory, account: null });

  for (const wrong of [
    { ...one, id: walIdOf({ ...place, system: '1' }) },
    { ...one, id: walIdOf({ ...place, timeline: 2, number: place.number + 1 }) },
    { ...one, id },
    { ...one, bytes: one.bytes.subarray(0, 39) },
    { ...one, bytes: Buffer.concat([one.bytes, Buffer.alloc(16 * 1024 ** 2)]) },
    { ...one, id: 'none' },
  ]) {
    await assert.rejects(write(wrong), failsWith('backup-damaged'));
  }
  await write(one);

  const [file = ''] = readdirSync(join(dataDirectory, 'pg_wal'));
  assert.match(file, /^00000001[0-9A-F]{16}$/);
  assert.equal(statSync(join(dataDirectory, 'pg_wal', file)).size, 16 * 1024 ** 2);
});

test('pg-base: the server keeps what was not released, one behind the other, until nobody wants it', async () => {
  const { log } = aDriver();
  await log.end(HOLDER, context);
  const idsOf = async (): Promise<readonly string[]> => {
    const open = await log.open(HOLDER, context);
    await open.close();
    return open.segments.map(({ id }) => id);
  };
  const kept = 'SELECT restart_lsn, wal_status FROM pg_replication_slots WHERE slot_name = $1';
  const slots = () =>
    withClient(postgres.url(), async (client) => (await client.query<object>(kept, [HOLDER])).rows);

  const [before, now] = [await idsOf(), await idsOf()];
  const held = await slots();
  const open = await log.open(HOLDER, context);
  await open.release(open.segments.at(-1)?.id ?? '');
  // Again, and what was released before, is as once.
  await open.release(open.segments.at(-1)?.id ?? '');
  await open.release(before.at(-1) ?? '');
  await open.close();

  assert.equal(now.at(-1), segmentBehind(before.at(-1) ?? ''));
  assert.notDeepEqual(await slots(), held);
  assert.equal(await log.end(HOLDER, context), true);
  assert.equal(await log.end(HOLDER, context), false);
  assert.deepEqual(await slots(), []);
});

test('pg-base: a header that is none, or of another size, names no segment', () => {
  const head = Buffer.alloc(40);
  assert.equal(walHeaderIn(head), null);
  head.writeUInt16LE(2, 2);
  head.writeUInt32LE(1, 4);
  head.writeBigUInt64LE(BigInt(3 * 16 * 1024 ** 2), 8);
  head.writeBigUInt64LE(7n, 24);
  assert.equal(walHeaderIn(head), null);
  head.writeUInt32LE(16 * 1024 ** 2, 32);

  assert.deepEqual(walHeaderIn(head), {
    ...{ system: '7', timeline: 1, number: 3, bytes: 16 * 1024 ** 2 },
  });
  assert.equal(walHeaderIn(head.subarray(0, 39)), null);
  head.writeUInt32LE(17 * 1024 ** 2, 32);
  assert.equal(walHeaderIn(head), null);
});
