/** What clients saw of each run, and whether the kill explains it. */
import { cutHistory } from '../load/history.ts';
import type { Outcome } from '../load/outcome.ts';
import { isCostOfKill, type Kill } from './cost-of-kill.ts';
import type { CrashRun } from './crash-run.ts';
import type { ClientRecord } from './crash-stand.ts';

export interface JudgedRun extends CrashRun {
  /** Sent from the run's begin to the begin of the next one. */
  readonly requests: number;
  /** Seen in that time, whenever the request was sent. */
  readonly clientErrors: readonly Outcome[];
}

const TOLD_MAX = 5;

/** Adds what the load's history says; `runs` in the order in which they were made. */
export function judgeClients(
  runs: readonly CrashRun[],
  { history }: ClientRecord,
): readonly JudgedRun[] {
  const errors = history.outcomes.filter(({ outcome }) => outcome !== 'ok');
  return runs.map((run, index) => {
    // So that no error lies outside of all runs.
    const fromMs = index === 0 ? -Infinity : run.fromMs;
    const toMs = runs[index + 1]?.fromMs ?? Infinity;
    const clientErrors = errors.filter((error) => {
      const atMs = endOf(error);
      return atMs >= fromMs && atMs < toMs;
    });
    return {
      ...run,
      requests: cutHistory(history, fromMs, toMs).length,
      clientErrors,
      violations: [...run.violations, ...complaints(run, clientErrors)],
    };
  });
}

function complaints(run: CrashRun, clientErrors: readonly Outcome[]): readonly string[] {
  const kill = killOf(run);
  const unexplained = clientErrors.filter((error) => !kill || !isCostOfKill(error, kill));
  if (unexplained.length === 0) return [];
  const told = unexplained.slice(0, TOLD_MAX).map((error) => tell(error, kill?.atMs ?? run.fromMs));
  return [
    `Of ${clientErrors.length} client errors the kill does not explain ${unexplained.length}: ${told.join('; ')}.`,
  ];
}

/** Null when no process was killed: then no error is explained. */
function killOf({ plan, strike, audit }: CrashRun): Kill | null {
  if (typeof strike?.goneAtMs !== 'number') return null;
  const { atMs, sentAtMs, goneAtMs } = strike;
  const candidateHadTraffic = audit.some(
    ({ at, body }) =>
      body.kind === 'CommandIssued' && body.step.startsWith('shift-') && Date.parse(at) <= goneAtMs,
  );
  return { victim: plan.victim, atMs, sentAtMs, goneAtMs, candidateHadTraffic };
}

function tell(error: Outcome, zeroMs: number): string {
  const { method, kind, reason, startedAtMs } = error;
  const span = [startedAtMs, endOf(error)].map((atMs) => Math.round(atMs - zeroMs)).join(' to ');
  return `${method} ${kind} ${reason} (${span} ms)`;
}

function endOf({ intendedAtMs, durationMs }: Outcome): number {
  return intendedAtMs + durationMs;
}
