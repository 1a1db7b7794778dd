/** Dumps a database and counts what is in it, both from one moment on. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { compareContents, type ContentPart } from '../../../core/backup/content.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { bothOrNeither } from '../../../platform/both-or-neither.ts';
import { systemClock } from '../../../platform/clock.ts';
import { withHead } from '../../../platform/headed-content.ts';
import { mariadbAddress, type MariadbAddress } from '../../../platform/mariadb-address.ts';
import { mariadbDefinitionParts, mariadbRows } from '../../../platform/mariadb-content.ts';
import { unverifiableByMariadb } from '../../../platform/mariadb-errors.ts';
import { writeMariadbOptions } from '../../../platform/mariadb-options.ts';
import { MARIADB_ENVIRONMENT, mariadbTools } from '../../../platform/mariadb-tools.ts';
import { inScratch, type ScratchAsked } from '../../../platform/noted-scratch.ts';
import { openMariadb, type MariadbSession } from '../../../platform/open-mariadb.ts';
import { runToSuccess } from '../../../platform/run-to-success.ts';
import type { Taken } from '../../contract.ts';
import { atOneMoment } from './at-one-moment.ts';
import { isWholeDump } from './is-whole-dump.ts';
import { lookOver } from './look-over.ts';
import { refuseInexact } from './refuse-inexact.ts';

export interface MysqlAsked extends ScratchAsked {
  /** The folder of MariaDB's programs; null: those that are found. */
  readonly programs: string | null;
}

/** The moment is kept as long as the dump is written, and not as long as somebody stores it. */
export async function takeMysql(url: string, asked: MysqlAsked): Promise<Taken> {
  const address = mariadbAddress(url);
  const control = await openMariadb(address, asked.signal);
  try {
    return await inScratch('mysql', asked, async ({ folder, remove: close }) => {
      const { version, origin } = await lookOver(control);
      const { series } = origin;
      const programs = ['mariadb-dump'] as const;
      const tools = await mariadbTools({ series, named: asked.programs, programs });
      const options = join(folder, 'options');
      await writeMariadbOptions(options, address);
      const dump = join(folder, 'dump');
      const call = { program: tools['mariadb-dump'], options, dump, address, signal: asked.signal };
      const parts = await dumpAndCount(control, call);
      return {
        server: `MariaDB ${version}`,
        content: withHead(origin, compressed(dump)),
        parts: () => Promise.resolve(parts),
        close,
      };
    });
  } catch (error) {
    throw unverifiableByMariadb(error);
  } finally {
    await control.end();
  }
}

interface DumpCall {
  readonly program: string;
  readonly options: string;
  readonly dump: string;
  readonly address: MariadbAddress;
  readonly signal: AbortSignal;
}

/** What is built how belongs to no snapshot: it must be the same before and afterwards. */
async function dumpAndCount(
  control: MariadbSession,
  call: DumpCall,
): Promise<readonly ContentPart[]> {
  const { database } = control;
  const before = await mariadbDefinitionParts(control, database);
  const rows = await dumpAndCountRows(control, call);
  const [change] = compareContents(before, await mariadbDefinitionParts(control, database));
  if (change)
    throw unusable(`It was altered while it was taken: ${change.observed}. Take it again`);
  if (!(await isWholeDump(call.dump))) throw unusable('mariadb-dump has not written its last line');
  return [...rows, ...before];
}

/** Who begins later than this lets everybody else go on. */
const BEGIN_MS_MAX = 10_000;

async function dumpAndCountRows(
  control: MariadbSession,
  call: DumpCall,
): Promise<readonly ContentPart[]> {
  const stopped = new AbortController();
  const counter = await openMariadb(call.address, stopped.signal);
  const begun = Promise.withResolvers<undefined>();
  try {
    const [, rows] = await bothOrNeither({
      signal: call.signal,
      async one(ending) {
        const begin = beginBoth(control, counter, { ...call, signal: ending });
        const { running } = await begin.catch((error: unknown) => {
          begun.reject(error);
          throw error;
        });
        begun.resolve(undefined);
        await running;
      },
      async other() {
        await begun.promise;
        await refuseInexact(counter);
        return mariadbRows(counter, counter.database);
      },
      onEnd: () => stopped.abort(new Error('The other has failed.')),
    });
    return rows;
  } catch (error) {
    await endSession(call.address, counter.id);
    throw error;
  } finally {
    await counter.end();
  }
}

/** In an object, as who waits for the beginning does not wait for the end. */
async function beginBoth(
  control: MariadbSession,
  counter: MariadbSession,
  call: DumpCall,
): Promise<{ readonly running: Promise<void> }> {
  const failed = new AbortController();
  const signal = AbortSignal.any([call.signal, failed.signal]);
  let running = Promise.resolve();
  try {
    await atOneMoment(control, async () => {
      await counter.ask('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await counter.ask('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      await inTime(() => {
        const begun = Promise.withResolvers<undefined>();
        running = runDump({ ...call, signal }, () => begun.resolve(undefined));
        return Promise.race([begun.promise, running]);
      });
    });
    return { running };
  } catch (error) {
    failed.abort(error);
    await running.catch(() => undefined);
    throw error;
  }
}

async function inTime(begin: () => Promise<void>): Promise<void> {
  const late = systemClock.deadline(BEGIN_MS_MAX);
  try {
    const passed = once(late.signal, 'abort').then(() => {
      throw unusable(`mariadb-dump has not begun within ${BEGIN_MS_MAX / 1_000} s`);
    });
    await Promise.race([begin(), passed]);
  } finally {
    late.release();
  }
}

/** What it says when its transaction has begun. */
const BEGUN = '-- Setting savepoint';

function runDump(
  { program, options, dump, address, signal }: DumpCall,
  onBegun: () => void,
): Promise<void> {
  return runToSuccess({
    ...{ name: 'mariadb-dump', program },
    args: [
      // It must be the first.
      `--defaults-file=${options}`,
      ...['--verbose', '--single-transaction', '--skip-lock-tables', '--no-tablespaces'],
      ...['--routines', '--triggers', '--events', '--hex-blob', '--default-character-set=utf8mb4'],
      ...['--max-allowed-packet=1G', '--', address.database],
    ],
    onLine: (line) => line.startsWith(BEGUN) && onBegun(),
    ...{ directory: '/', environment: MARIADB_ENVIRONMENT, outputFile: dump },
    ...{ clock: systemClock, signal, failure: unusable },
  });
}

/** A server does not notice that nobody waits for what it counts. */
async function endSession(address: MariadbAddress, id: number): Promise<void> {
  const session = await openMariadb(address, new AbortController().signal).catch(() => null);
  // It has ended by itself, or the server is gone.
  await session?.ask(`KILL ${id}`).catch(() => undefined);
  await session?.end();
}

/** While it is read: what is dumped is text, and several times as large. */
async function* compressed(path: string): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 1 });
  // What fails is thrown to whoever reads.
  const piped = pipeline(createReadStream(path), gzip).catch(() => undefined);
  try {
    yield* gzip as AsyncIterable<Buffer>;
  } finally {
    gzip.destroy();
    await piped;
  }
}

function unusable(why: string): Error {
  return operationalError('backup-unverifiable', `${why}.`);
}
