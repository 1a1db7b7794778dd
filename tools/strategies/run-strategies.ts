/**
 * Every strategy for real: a good release and bad ones, by default the one that fails 1 % of its
 * requests, on the newsroom, under load from an independent client, round by round. Fails unless the good ones cost no client an error, the bad
 * ones are reverted, and no request that is safe to repeat fails once they have no traffic.
 */
import { join } from 'node:path';
import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { WrongOption } from '../command-line/wrong-option.ts';
import { demoRow, idempotentErrorsAfterZero, type DemoSpan } from '../demo/demo-row.ts';
import { demoTable } from '../demo/demo-table.ts';
import { deploySpan } from '../demo/deploy-span.ts';
import { readHistory, type History } from '../load/history.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { openNewsroomStand, standRollout, type NewsroomStand } from '../stand/newsroom-stand.ts';

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
/** Longer than all deployments of a round; the load is stopped when the last has ended. */
const ROUND_SECONDS_MAX = 600;

const strategies: Readonly<Record<string, readonly string[]>> = {
  canary: [
    'strategy: canary',
    'steps: [{ weight: 10, holdFor: 4s, minSamples: 60 }, { weight: 50 }, { weight: 100 }]',
  ],
  'blue-green': ['strategy: blue-green', 'proof: 10', 'keepOld: 4s'],
  rolling: ['strategy: rolling', 'batch: 1'],
  baseline: ['strategy: canary', 'weights: [20, 50, 100]', 'baseline: { instances: 1 }'],
};

interface Tried {
  readonly strategy: string;
  readonly span: DemoSpan;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function runStrategies(): Promise<number> {
  const { only, ...given } = readOptions({
    only: { type: 'string' },
    rate: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '1' },
    bad: { type: 'string', default: '3.0' },
  });
  const course = {
    rate: wholeNumber('rate', given.rate),
    rounds: wholeNumber('rounds', given.rounds),
    bad: given.bad.split(','),
  };
  if (only !== undefined && !(only in strategies)) {
    throw new WrongOption(`--only takes one of ${Object.keys(strategies).join(', ')}`);
  }
  const names = only === undefined ? Object.keys(strategies) : [only];
  say('Preparing the newsroom, its database and its releases …');
  const stand = await openNewsroomStand();
  try {
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    await deploySpan(stand, '1.0', { say });
    const historyPath = join(stand.directory.logs, 'load.ndjson');
    const tried = await underLoad(stand, historyPath, course, () => tryAll(stand, names, course));
    return conclude(tried, await readHistory(historyPath), course);
  } finally {
    await stand.close();
  }
}

interface Course {
  /** Requests a second. */
  readonly rate: number;
  readonly rounds: number;
  readonly bad: readonly string[];
}

async function tryAll(
  stand: NewsroomStand,
  names: readonly string[],
  { rounds, bad }: Course,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  const turns = Array.from({ length: rounds }, () => names).flat();
  for (const [index, strategy] of turns.entries()) {
    await stand.configure({
      ...standRollout,
      strategy: strategies[strategy] ?? [],
      compare: strategy === 'baseline' ? ['errors', 'latency'] : [],
    });
    // What serves already cannot be deployed again.
    for (const release of [index % 2 === 0 ? '2.0' : '4.0', ...bad]) {
      const isBad = bad.includes(release);
      say(`\n── ${strategy}: ${release}${isBad ? ', which is bad' : ''}`);
      tried.push({ strategy, span: await deploySpan(stand, release, { say }) });
    }
  }
  return tried;
}

async function underLoad<Result>(
  stand: NewsroomStand,
  historyPath: string,
  { rate, rounds }: Course,
  act: () => Promise<Result>,
): Promise<Result> {
  const load = await startLoadProcess(loadClient, [
    ...['--url', stand.url, '--rate', String(rate), '--seed', '11'],
    ...[
      '--duration',
      String(ROUND_SECONDS_MAX * rounds),
      '--mix',
      'newsroom',
      '--out',
      historyPath,
    ],
  ]);
  try {
    const result = await act();
    load.stop();
    const { summary } = await load.done;
    say(`\n${summary.requests} requests at ${summary.rateAchieved}/s.`);
    return result;
  } catch (error) {
    load.kill();
    throw error;
  }
}

function conclude(tried: readonly Tried[], history: History, { bad }: Course): number {
  const rows = tried.map(({ strategy, span }) => {
    const row = demoRow(span, history);
    return { ...row, release: `${strategy} ${row.release}` };
  });
  say(`\n${demoTable(rows)}`);
  const broken = tried.flatMap(({ strategy, span }, index) => {
    const { outcome, clientErrors = 0 } = rows[index] ?? {};
    const isBad = bad.includes(span.summary.release);
    const late = isBad ? idempotentErrorsAfterZero(span, history) : 0;
    const name = `${strategy} ${span.summary.release}`;
    return [
      ...(outcome === (isBad ? 'reverted' : 'promoted') ? [] : [`${name} was ${outcome}`]),
      ...(isBad || clientErrors === 0 ? [] : [`${name} cost clients ${clientErrors} errors`]),
      ...(late === 0 ? [] : [`${name} cost ${late} errors after its traffic was gone`]),
    ];
  });
  for (const text of broken) say(`✗ ${text}`);
  if (broken.length === 0) say('✓ as promised');
  return broken.length === 0 ? 0 : 1;
}

await runCommand(runStrategies);
