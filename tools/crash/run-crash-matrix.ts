/**
 * Strikes one process at one step of one deployment after the other, under load, and judges each end
 * from outside:
 * `npm run crash -- [--strikes kill,freeze] [--victims server,host] [--steps all] [--seed 1] [--json]`.
 */
import { tellBlow, type StrikeKind } from './blow.ts';
import { crashOptions, type CrashOptions } from './crash-options.ts';
import { WrongOption } from './wrong-option.ts';
import { crashPlans, stepNamesIn } from './crash-plans.ts';
import { crashRun, type CrashPlan, type CrashRun } from './crash-run.ts';
import { openCrashStand, rolloutFor, type ClientRecord, type CrashStand } from './crash-stand.ts';
import { crashRows, crashTable, errorLines } from './crash-table.ts';
import { judgeClients, type JudgedRun } from './judge-clients.ts';
import { leaseRun, leaseTable } from './lease-run.ts';
import { logLines, runLine, violationLines } from './tell-run.ts';

/** A good release that the judge took for a bad one on a busy machine never came to its step. */
const TRIES_MAX = 3;
/** What takes so long is worth a look at the logs. */
const SLOW_MS = 30_000;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function makeRuns(stand: CrashStand, plans: readonly CrashPlan[]): Promise<CrashRun[]> {
  const runs: CrashRun[] = [];
  for (const [index, plan] of plans.entries()) {
    for (let tries = 1; ; tries += 1) {
      const errorsBefore = await stand.clientErrors();
      const run = await crashRun(stand, plan);
      const errors = (await stand.clientErrors()) - errorsBefore;
      say(`${index + 1}/${plans.length} ${runLine(run)}; ${errors} client errors so far`);
      if (run.violations.length > 0 || run.toMs - run.fromMs > SLOW_MS) {
        const lines = violationLines({ ...run, requests: 0, clientErrors: [], unexplained: [] });
        say([...lines, ...(await logLines(stand.directory))].join('\n'));
      }
      runs.push(run);
      if (run.outcome === 'running') return runs;
      // What it left open would refuse all that follow.
      if (run.outcome === 'held') await stand.surefoot(['rollback', '--yes']);
      if (run.strike !== null || tries === TRIES_MAX) break;
    }
  }
  return runs;
}

/** A step that was never reached is a violation. */
function missing(plans: readonly CrashPlan[], runs: readonly CrashRun[]): readonly string[] {
  return plans
    .filter((plan) => !runs.some((run) => run.plan === plan && run.strike !== null))
    .map(({ victim, blow, step }) => `${victim} never got its ${tellBlow(blow)} at ${step}.`);
}

interface Round {
  readonly runs: readonly JudgedRun[];
  readonly faults: readonly string[];
}

/** Every run with one kind of strike, on a stand of its own. */
async function round(kind: StrikeKind, options: CrashOptions): Promise<Round> {
  const stand = await openCrashStand({ seed: options.seed, rollout: rolloutFor(kind) });
  let plans: readonly CrashPlan[];
  let runs: readonly CrashRun[];
  let clients: ClientRecord;
  try {
    plans = crashPlans(await stepNamesIn(stand), kind, options);
    if (plans.length === 0) throw new WrongOption('No victim has a process at any of these steps.');
    runs = await makeRuns(stand, plans);
    clients = await stand.endLoad();
  } finally {
    await stand.close();
  }
  return {
    runs: judgeClients(runs, clients),
    faults: [
      ...missing(plans, runs),
      ...(clients.isEveryWriteThere ? [] : ['An acknowledged comment is not there exactly once.']),
    ],
  };
}

async function matrix(options: CrashOptions): Promise<boolean> {
  const rounds: Round[] = [];
  for (const kind of options.strikes) rounds.push(await round(kind, options));
  const judged = rounds.flatMap(({ runs }) => runs);
  for (const run of judged) {
    if (options.verbose || run.violations.length > 0) say(violationLines(run).join('\n'));
  }
  say(errorLines(judged).join('\n'));
  const rows = crashRows(judged.filter(({ strike }) => strike !== null));
  const faults = [
    // Runs whose strike did not fire are not in the table, but what they broke is broken.
    ...judged.filter(({ strike }) => strike === null).flatMap(({ violations }) => violations),
    ...rounds.flatMap((made) => made.faults),
  ];
  for (const fault of faults) say(`✗ ${fault}`);
  const isKept = faults.length === 0 && rows.every(({ violations }) => violations === 0);
  const summary = { seed: options.seed, holds: isKept, victims: rows, faults };
  process.stdout.write(`${options.json ? JSON.stringify(summary) : crashTable(rows)}\n`);
  return isKept;
}

async function lease(json: boolean): Promise<boolean> {
  const runs = await leaseRun([20, 50, 100], say);
  const isKept = runs.every(({ violations }) => violations.length === 0);
  process.stdout.write(
    `${json ? JSON.stringify({ holds: isKept, leases: runs }) : leaseTable(runs)}\n`,
  );
  return isKept;
}

async function main(): Promise<number> {
  try {
    const options = crashOptions(process.argv.slice(2));
    return (await (options.lease ? lease(options.json) : matrix(options))) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof WrongOption)) throw error;
    say(error.message);
    return 2;
  }
}

process.exitCode = await main();
