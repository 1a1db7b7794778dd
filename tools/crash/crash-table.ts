/** What a matrix found, by victim. */
import type { CrashRun } from './crash-run.ts';
import type { JudgedRun } from './judge-clients.ts';

export interface CrashRow {
  readonly victim: string;
  readonly runs: number;
  /** Different steps at which the victim was killed. */
  readonly steps: number;
  readonly promoted: number;
  readonly reverted: number;
  readonly held: number;
  readonly requests: number;
  readonly clientErrors: number;
  readonly violations: number;
  readonly secondsPerRun: number;
}

export function crashRows(runs: readonly JudgedRun[]): readonly CrashRow[] {
  return [...new Set(runs.map(({ plan }) => plan.victim))].map((victim) => {
    const own = runs.filter(({ plan }) => plan.victim === victim);
    const ended = (outcome: CrashRun['outcome']): number =>
      own.filter((run) => run.outcome === outcome).length;
    const tookMs = own.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    return {
      victim,
      runs: own.length,
      steps: new Set(own.filter(({ strike }) => strike).map(({ plan }) => plan.step)).size,
      promoted: ended('promoted'),
      reverted: ended('reverted'),
      held: ended('held'),
      requests: own.reduce((sum, { requests }) => sum + requests, 0),
      clientErrors: own.reduce((sum, { clientErrors }) => sum + clientErrors.length, 0),
      violations: own.reduce((sum, { violations }) => sum + violations.length, 0),
      secondsPerRun: Math.round(tookMs / own.length / 100) / 10,
    };
  });
}

export function crashTable(rows: readonly CrashRow[]): string {
  const [first] = rows;
  if (!first) return 'No run was made.';
  const names = Object.keys(first) as (keyof CrashRow)[];
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
  const widths = names.map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}

/** Of every victim that clients noticed: why their requests failed, and how often. */
export function errorLines(runs: readonly JudgedRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { plan, clientErrors } of runs) {
    for (const { kind, reason, status } of clientErrors) {
      const what = `${plan.victim}: ${kind} ${reason ?? `status ${status}`}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  }
  return [...counts].sort().map(([what, count]) => `${what}: ${count}`);
}
