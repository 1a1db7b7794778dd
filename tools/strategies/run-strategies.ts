/**
 * Every strategy for real: good releases and bad ones on the newsroom, under load from an independent
 * client, round by round. Fails unless the good ones cost no client an error, the bad ones are reverted
 * in the promised time, and no request that is safe to repeat fails.
 */
import { join } from 'node:path';
import { scopeOf } from '../../src/core/model/ids.ts';
import type { FirstFailures } from '../../src/core/model/routing.ts';
import { edgeBalancer } from '../../src/drivers/balancer/edge/driver.ts';
import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { runCommand } from '../command-line/run-command.ts';
import { WrongOption } from '../command-line/wrong-option.ts';
import { demoRow } from '../demo/demo-row.ts';
import { demoTable } from '../demo/demo-table.ts';
import { deploySpan } from '../demo/deploy-span.ts';
import { readHistory, type History } from '../load/history.ts';
import { startLoadProcess } from '../load/start-load-process.ts';
import { openNewsroomStand, type NewsroomStand } from '../stand/newsroom-stand.ts';
import { readFaults, type Faults } from './fault-of.ts';
import { brokenReactions, reactionRows, reactionTable } from './reaction-rows.ts';
import { rolloutOf, strategyNames } from './strategy-rollouts.ts';
import { strategyTotals, type JudgedTrial } from './strategy-totals.ts';
import type { Trial } from './trial.ts';

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
/** Longer than all deployments of a round; the load is stopped when the last has ended. */
const ROUND_SECONDS_MAX = 600;

/** What an answer may take, as the stand's gate has it for the median. */
const SLOW_MS = 100;
const ANSWER_MS = 2_000;

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
  if (only !== undefined && !strategyNames.includes(only)) {
    throw new WrongOption(`--only takes one of ${strategyNames.join(', ')}`);
  }
  const names = only === undefined ? strategyNames : [only];
  const faults = await readFaults();
  for (const release of course.bad) {
    if (faults(release) === null) throw new WrongOption(`${release} is a good release`);
  }
  say('Preparing the newsroom, its database and its releases …');
  const stand = await openNewsroomStand();
  try {
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(up.stderr);
    await deploySpan(stand, '1.0', { say });
    const historyPath = join(stand.directory.logs, 'load.ndjson');
    const tried = await underLoad(stand, historyPath, course, () =>
      tryAll(stand, { ...course, names, faults }),
    );
    return conclude(tried, await readHistory(historyPath));
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
  {
    names,
    faults,
    rounds,
    bad,
  }: Course & { readonly names: readonly string[]; readonly faults: Faults },
): Promise<readonly Trial[]> {
  const tried: Trial[] = [];
  let serves = '1.0';
  for (const strategy of Array.from({ length: rounds }, () => names).flat()) {
    for (const release of [serves === '2.0' ? '4.0' : '2.0', ...bad]) {
      // It was promoted against its promise, and cannot be deployed again.
      if (release === serves) continue;
      const fault = faults(release);
      await stand.configure(rolloutOf(strategy, fault));
      say(`\n── ${strategy}: ${release}${fault === null ? '' : ', which is bad'}`);
      const span = await deploySpan(stand, release, { say });
      tried.push({ strategy, fault, span, firstFailures: await firstFailuresOf(stand) });
      if (span.summary.outcome === 'promoted') serves = release;
    }
  }
  return tried;
}

async function firstFailuresOf({ directory }: NewsroomStand): Promise<FirstFailures> {
  const config = edgeBalancer.config.parse({ listen: '127.0.0.1:1' });
  const edge = edgeBalancer.connect(config, { stateDirectory: directory.root });
  const scope = scopeOf('production', 'newsroom');
  const observed = await edge.observe(scope, { signal: AbortSignal.timeout(ANSWER_MS) });
  return observed?.firstFailures ?? {};
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
    const { requests, rateAchieved, lateStartsMsP99, generatorLate } = summary;
    say(`\n${requests} requests at ${rateAchieved}/s; ${lateStartsMsP99} ms late (p99).`);
    if (generatorLate) say('  The machine could not keep the load client on time: it saw less.');
    return result;
  } catch (error) {
    load.kill();
    throw error;
  }
}

function conclude(tried: readonly Trial[], history: History): number {
  const judged = tried.map((trial) => ({ ...trial, row: demoRow(trial.span, history) }));
  const rows = judged.map(({ strategy, row }) => ({
    ...row,
    release: `${strategy} ${row.release}`,
  }));
  const reactions = reactionRows(tried, history, SLOW_MS);
  say(`\n${demoTable(rows)}`);
  say(`\n${strategyTotals(judged)}`);
  say(`\n${reactionTable(reactions)}`);
  const broken = [...judged.flatMap(brokenEnd), ...brokenReactions(reactions)];
  for (const text of broken) say(`✗ ${text}`);
  if (broken.length === 0) say('✓ as promised');
  return broken.length === 0 ? 0 : 1;
}

function brokenEnd({ strategy, fault, row }: JudgedTrial): readonly string[] {
  const { release, outcome, clientErrors, idempotentErrors } = row;
  const name = `${strategy} ${release}`;
  const isGood = fault === null;
  return [
    ...(outcome === (isGood ? 'promoted' : 'reverted') ? [] : [`${name} was ${outcome}`]),
    ...(isGood && clientErrors > 0 ? [`${name} cost clients ${clientErrors} errors`] : []),
    ...(idempotentErrors > 0
      ? [`${name} cost ${idempotentErrors} requests that are safe to repeat`]
      : []),
  ];
}

await runCommand(runStrategies);
