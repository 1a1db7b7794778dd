/** A newsroom whose database is backed up and migrated, and clients that ask it for pages meanwhile. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cutHistory, readHistory } from '../load/history.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { openNewsroomStand, standRollout, type NewsroomStand } from '../stand/newsroom-stand.ts';

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
const REQUESTS_PER_SECOND = 60;
const LOAD_SECONDS_MAX = 1_800;

/** 1.0 serves. `blocked`: how long a migration may keep others out, as the file says it. */
export async function withMigrationStand<Result>(
  blocked: string,
  work: (stand: NewsroomStand) => Promise<Result>,
): Promise<Result> {
  const stand = await openNewsroomStand({ ...standRollout, service: serviceLines(blocked) });
  try {
    await mkdir(join(stand.root, 'migrations'));
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    await stand.deploy('1.0');
    return await work(stand);
  } finally {
    await stand.close();
  }
}

function serviceLines(blocked: string): readonly string[] {
  return [
    "backups: { database: { driver: pg-base, url: '${NEWSROOM_DATABASE_URL}' } }",
    'database:',
    "  url: '${NEWSROOM_DATABASE_URL}'",
    `  migrations: { driver: sql, path: migrations, blocked: ${blocked} }`,
    '  invariants:',
    "    words-are-counted: 'SELECT count(*) = 0 FROM newsroom.articles WHERE words < 0'",
  ];
}

/** As the load client's clock has it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Asked {
  readonly requests: number;
  readonly clientErrors: number;
}

/** What clients saw of each span, and whether every write that they were told is done is there. */
export async function underLoad<Of extends Span>(
  stand: NewsroomStand,
  work: () => Promise<readonly Of[]>,
): Promise<{ readonly ends: readonly (Of & Asked)[]; readonly isNothingLost: boolean }> {
  const historyPath = join(stand.directory.logs, 'load.ndjson');
  const load = await startLoadProcess(loadClient, [
    ...['--url', stand.url, '--rate', String(REQUESTS_PER_SECOND), '--verify'],
    ...['--duration', String(LOAD_SECONDS_MAX), '--out', historyPath],
  ]);
  try {
    const spans = await work();
    load.stop();
    const { verification } = await load.done;
    const history = await readHistory(historyPath);
    const ends = spans.map((span) => {
      const outcomes = cutHistory(history, span.fromMs, span.toMs);
      const clientErrors = outcomes.filter(({ outcome }) => outcome !== 'ok').length;
      return { ...span, requests: outcomes.length, clientErrors };
    });
    return { ends, isNothingLost: verification?.holds === true };
  } finally {
    load.kill();
  }
}
