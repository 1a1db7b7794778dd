/**
 * Kills one process at one step of one deployment after the other, under load, and judges each end
 * from outside: `npm run crash -- [--victims server,host] [--steps all] [--seed 1] [--json]`.
 */
import { crashOptions } from './crash-options.ts';
import { WrongOption } from './wrong-option.ts';
import { crashPlans, stepNamesIn } from './crash-plans.ts';
import { crashRun, type CrashPlan, type CrashRun } from './crash-run.ts';
import { openCrashStand, type ClientRecord, type CrashStand } from './crash-stand.ts';
import { crashRows, crashTable, errorLines } from './crash-table.ts';
import { judgeClients } from './judge-clients.ts';
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
        const lines = violationLines({ ...run, requests: 0, clientErrors: [] });
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
    .map(({ victim, step }) => `${victim} was never killed at ${step}.`);
}

async function matrix(options: ReturnType<typeof crashOptions>): Promise<boolean> {
  const stand = await openCrashStand({ seed: options.seed });
  let plans: readonly CrashPlan[];
  let runs: readonly CrashRun[];
  let clients: ClientRecord;
  try {
    plans = crashPlans(await stepNamesIn(stand), options);
    if (plans.length === 0) throw new WrongOption('No victim has a process at any of these steps.');
    runs = await makeRuns(stand, plans);
    clients = await stand.endLoad();
  } finally {
    await stand.close();
  }
  const judged = judgeClients(runs, clients);
  for (const run of judged) {
    if (options.verbose || run.violations.length > 0) say(violationLines(run).join('\n'));
  }
  say(errorLines(judged).join('\n'));
  const rows = crashRows(judged.filter(({ strike }) => strike !== null));
  const faults = [
    // Runs whose kill did not fire are not in the table, but what they broke is broken.
    ...judged.filter(({ strike }) => strike === null).flatMap(({ violations }) => violations),
    ...missing(plans, runs),
    ...(clients.isEveryWriteThere ? [] : ['An acknowledged comment is not there exactly once.']),
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
