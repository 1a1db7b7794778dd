/** Deploys the newsroom with one migration after the other, under load, and judges what became of it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cutHistory, readHistory } from '../load/history.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { openNewsroomStand, standRollout, type NewsroomStand } from '../stand/newsroom-stand.ts';
import type { MigrationTrial } from './migration-trials.ts';
import { runTrial, type TrialEnd } from './run-trial.ts';

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
const REQUESTS_PER_SECOND = 60;
const LOAD_SECONDS_MAX = 1_800;

export interface JudgedTrial extends TrialEnd {
  readonly requests: number;
  readonly clientErrors: number;
}

export interface TrialsEnd {
  readonly trials: readonly JudgedTrial[];
  /** Every write that clients were told is done is there. */
  readonly isNothingLost: boolean;
}

/** `blocked`: how long a migration may keep others out, as the file says it. */
export async function runTrials(
  trials: readonly MigrationTrial[],
  { blocked, say }: { readonly blocked: string; readonly say: (text: string) => void },
): Promise<TrialsEnd> {
  const stand = await openNewsroomStand({ ...standRollout, service: serviceLines(blocked) });
  try {
    await mkdir(join(stand.root, 'migrations'));
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    await stand.deploy('1.0');
    return await underLoad(stand, trials, say);
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

async function underLoad(
  stand: NewsroomStand,
  trials: readonly MigrationTrial[],
  say: (text: string) => void,
): Promise<TrialsEnd> {
  const historyPath = join(stand.directory.logs, 'load.ndjson');
  const load = await startLoadProcess(loadClient, [
    ...['--url', stand.url, '--rate', String(REQUESTS_PER_SECOND), '--verify'],
    ...['--duration', String(LOAD_SECONDS_MAX), '--out', historyPath],
  ]);
  try {
    const ends: TrialEnd[] = [];
    for (const trial of trials) {
      const end = await runTrial(stand, trial);
      say(`${trial.name}: ${end.ended}${end.wrong.map((text) => `\n   ✗ ${text}`).join('')}`);
      ends.push(end);
    }
    load.stop();
    const { verification } = await load.done;
    const history = await readHistory(historyPath);
    const judged = ends.map((end) => {
      const outcomes = cutHistory(history, end.fromMs, end.toMs);
      const clientErrors = outcomes.filter(({ outcome }) => outcome !== 'ok').length;
      return { ...end, requests: outcomes.length, clientErrors };
    });
    return { trials: judged, isNothingLost: verification?.holds === true };
  } finally {
    load.kill();
  }
}
