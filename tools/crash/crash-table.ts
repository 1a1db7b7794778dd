/** What a matrix found, by strike and victim. */
import { textTable } from '../command-line/text-table.ts';
import type { Outcome } from '../load/outcome.ts';
import { strikeOf } from './blow.ts';
import type { CrashRun } from './crash-run.ts';
import type { JudgedRun } from './judge-clients.ts';

export interface CrashRow {
  readonly strike: string;
  readonly victim: string;
  readonly runs: number;
  /** Different steps at which the victim was struck. */
  readonly steps: number;
  readonly promoted: number;
  readonly reverted: number;
  readonly held: number;
  readonly requests: number;
  /** Explained by the strike. */
  readonly explained: number;
  /** Not explained by it: of the mechanics. */
  readonly unexplained: number;
  readonly violations: number;
  readonly secondsPerRun: number;
}

export function crashRows(runs: readonly JudgedRun[]): readonly CrashRow[] {
  return [...Map.groupBy(runs, rowOf).values()].map((own) => {
    const [{ plan }] = own as [JudgedRun];
    const ended = (outcome: CrashRun['outcome']): number =>
      own.filter((run) => run.outcome === outcome).length;
    const tookMs = own.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const errors = own.reduce((sum, { clientErrors }) => sum + clientErrors.length, 0);
    const unexplained = own.reduce((sum, run) => sum + run.unexplained.length, 0);
    return {
      strike: strikeOf(plan.blow),
      victim: plan.victim,
      runs: own.length,
      steps: new Set(own.filter(({ strike }) => strike).map(({ plan }) => plan.step)).size,
      promoted: ended('promoted'),
      reverted: ended('reverted'),
      held: ended('held'),
      requests: own.reduce((sum, { requests }) => sum + requests, 0),
      explained: errors - unexplained,
      unexplained,
      violations: own.reduce((sum, { violations }) => sum + violations.length, 0),
      secondsPerRun: Math.round(tookMs / own.length / 100) / 10,
    };
  });
}

function rowOf({ plan }: JudgedRun): string {
  return `${strikeOf(plan.blow)} ${plan.victim}`;
}

export function crashTable(rows: readonly CrashRow[]): string {
  const [first] = rows;
  if (!first) return 'No run was made.';
  const names = Object.keys(first) as (keyof CrashRow)[];
  return textTable(
    names,
    rows.map((row) => names.map((name) => String(row[name]))),
    2,
  );
}

/** Of every victim that clients noticed: why their requests failed, and how often. */
export function errorLines(runs: readonly JudgedRun[]): readonly string[] {
  const counts = errorCounts(runs, ({ clientErrors }) => clientErrors);
  return Object.entries(counts)
    .sort()
    .map(([what, count]) => `${what}: ${count}`);
}

export function errorCounts(
  runs: readonly JudgedRun[],
  errorsOf: (run: JudgedRun) => readonly Outcome[],
): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const run of runs) {
    for (const { kind, reason, status } of errorsOf(run)) {
      const what = `${strikeOf(run.plan.blow)} of ${run.plan.victim}: ${kind} ${reason ?? `status ${status}`}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  }
  return Object.fromEntries(counts);
}
