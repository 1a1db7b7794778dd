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
    // The release with tags makes them by itself.
    "  changing: ['newsroom.article_tags*']",
    '  invariants:',
    "    words-are-counted: 'SELECT count(*) = 0 FROM newsroom.articles WHERE words < 0'",
  ];
}

/** What became of one deployment. */
export interface TriedEnd {
  readonly name: string;
  readonly ended: string;
  /** Sentences; none when all is as it should be. */
  readonly wrong: readonly string[];
  /** As the load client's clock has it. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface UnderLoad {
  readonly ends: readonly (TriedEnd & {
    readonly requests: number;
    readonly clientErrors: number;
  })[];
  /** Every write that clients were told is done is there. */
  readonly isNothingLost: boolean;
}

/** One behind the other, and what clients saw of each. */
export async function underLoad<Trial>(
  stand: NewsroomStand,
  trials: readonly Trial[],
  {
    tryOne,
    say,
  }: {
    readonly tryOne: (trial: Trial, number: number) => Promise<TriedEnd>;
    readonly say: (text: string) => void;
  },
): Promise<UnderLoad> {
  const historyPath = join(stand.directory.logs, 'load.ndjson');
  const load = await startLoadProcess(loadClient, [
    ...['--url', stand.url, '--rate', String(REQUESTS_PER_SECOND), '--verify'],
    ...['--duration', String(LOAD_SECONDS_MAX), '--out', historyPath],
  ]);
  try {
    const tried: TriedEnd[] = [];
    for (const [index, trial] of trials.entries()) {
      const end = await tryOne(trial, index + 1);
      say(`${end.name}: ${end.ended}${end.wrong.map((text) => `\n   ✗ ${text}`).join('')}`);
      tried.push(end);
    }
    load.stop();
    const { verification } = await load.done;
    const history = await readHistory(historyPath);
    const ends = tried.map((end) => {
      const outcomes = cutHistory(history, end.fromMs, end.toMs);
      const clientErrors = outcomes.filter(({ outcome }) => outcome !== 'ok').length;
      return { ...end, requests: outcomes.length, clientErrors };
    });
    return { ends, isNothingLost: verification?.holds === true };
  } finally {
    load.kill();
  }
}
