/**
 * Strikes one process at one step of one deployment after the other, under load, and judges each end
 * from outside:
 * `npm run crash -- [--strikes kill,freeze] [--victims server,host] [--steps all] [--seed 1] [--json]`,
 * and `npm run crash -- --rollouts 100 --requests 1000000 --rate 600 [--record <file>]`.
 */
import { runCommand } from '../command-line/run-command.ts';
import { crashOptions, type CrashOptions } from './crash-options.ts';
import { crashPlans } from './crash-plans.ts';
import { crashRound, type RoundResult } from './crash-round.ts';
import { rolloutFor } from './crash-stand.ts';
import { crashRows, crashTable, errorLines } from './crash-table.ts';
import { leaseRun, leaseTable } from './lease-run.ts';
import { longRun, longRunTable } from './long-run.ts';
import { violationLines } from './tell-run.ts';

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function matrix(options: CrashOptions, stop: AbortSignal): Promise<boolean> {
  const { strikes, seed, requestsPerSecond, json } = options;
  const rounds: RoundResult[] = [];
  for (const kind of strikes) {
    if (stop.aborted) break;
    const rollout = rolloutFor(kind);
    rounds.push(
      await crashRound({
        kind,
        rollout,
        requestsPerSecond,
        seed,
        // What has waited for a frozen process comes at once; mostly what is answered at once.
        mix: kind === 'freeze' ? 'newsroom-assets' : 'newsroom',
        plansOf: (names) => crashPlans(names, kind, options),
        say,
        stop,
      }),
    );
  }
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
  print(json ? JSON.stringify({ seed, holds: isKept, victims: rows, faults }) : crashTable(rows));
  return isKept;
}

async function long(options: CrashOptions, stop: AbortSignal): Promise<boolean> {
  const figures = await longRun(options, say, stop);
  const isKept = figures.violations.length === 0;
  print(options.json ? JSON.stringify({ holds: isKept, ...figures }) : longRunTable(figures));
  return isKept;
}

async function lease(json: boolean): Promise<boolean> {
  const runs = await leaseRun([20, 50, 100], say);
  const isKept = runs.every(({ violations }) => violations.length === 0);
  print(json ? JSON.stringify({ holds: isKept, leases: runs }) : leaseTable(runs));
  return isKept;
}

async function main(): Promise<number> {
  // What was seen until then is still judged and told.
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const options = crashOptions(process.argv.slice(2));
  const isKept = options.lease
    ? await lease(options.json)
    : await (options.rollouts > 0 ? long(options, stop.signal) : matrix(options, stop.signal));
  return isKept ? 0 : 1;
}

await runCommand(main);
