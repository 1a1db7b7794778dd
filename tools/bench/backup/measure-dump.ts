/** What people do without Surefoot, and without looking at it: a dump to a file, and that file restored. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPostgres, withDatabase } from '../../../src/platform/open-postgres.ts';

export interface DumpFigures {
  readonly dumpedMs: number;
  readonly restoredMs: number;
}

const run = promisify(execFile);
const COPY = 'restored';

export async function measureDump(url: string, programs: string): Promise<DumpFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-b-'));
  const file = join(folder, 'dump');
  const client = await openPostgres(withDatabase(url, 'postgres'));
  try {
    const startedMs = performance.now();
    await run(join(programs, 'pg_dump'), ['-Fc', '-f', file, url]);
    const dumpedMs = performance.now() - startedMs;
    await client.query(`CREATE DATABASE ${COPY}`);
    const into = withDatabase(url, COPY);
    await run(join(programs, 'pg_restore'), ['--exit-on-error', '-d', into, file]);
    return { dumpedMs, restoredMs: performance.now() - startedMs - dumpedMs };
  } finally {
    await client.query(`DROP DATABASE IF EXISTS ${COPY}`).finally(() => client.end());
    await rm(folder, { recursive: true, force: true });
  }
}
