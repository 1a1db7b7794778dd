/** What clients saw of each run, and whether the strike explains it. */
import { cutHistory } from '../load/history.ts';
import type { Outcome } from '../load/outcome.ts';
import { isCostOfFreeze } from './cost-of-freeze.ts';
import { isCostOfKill } from './cost-of-kill.ts';
import type { CrashRun } from './crash-run.ts';
import type { ClientRecord } from './crash-stand.ts';

export interface JudgedRun extends CrashRun {
  /** Sent from the run's begin to the begin of the next one. */
  readonly requests: number;
  /** Seen in that time, whenever the request was sent. */
  readonly clientErrors: readonly Outcome[];
  /** Those of them that the strike does not explain. */
  readonly unexplained: readonly Outcome[];
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
    // A time-out may be seen only after the run in which the process was struck.
    const before = runs[index - 1];
    const explanations = [run, ...(before ? [before] : [])].map(explanationOf);
    const unexplained = clientErrors.filter(
      (error) => !explanations.some((isExplained) => isExplained(error)),
    );
    return {
      ...run,
      requests: cutHistory(history, fromMs, toMs).length,
      clientErrors,
      unexplained,
      violations: [...run.violations, ...complaints(run, clientErrors.length, unexplained)],
    };
  });
}

function complaints(
  run: CrashRun,
  errors: number,
  unexplained: readonly Outcome[],
): readonly string[] {
  if (unexplained.length === 0) return [];
  const zeroMs = run.strike?.atMs ?? run.fromMs;
  const told = unexplained.slice(0, TOLD_MAX).map((error) => tell(error, zeroMs));
  return [
    `Of ${errors} client errors the strike does not explain ${unexplained.length}: ${told.join('; ')}.`,
  ];
}

/** When no process was struck, no error is explained. */
function explanationOf({ plan, strike, audit }: CrashRun): (error: Outcome) => boolean {
  if (typeof strike?.overAtMs !== 'number') return () => false;
  const { victim, blow } = plan;
  const { atMs, sentAtMs, overAtMs } = strike;
  const wasIssued = (isStep: (step: string) => boolean): boolean =>
    audit.some(
      ({ at, body }) =>
        body.kind === 'CommandIssued' && isStep(body.step) && Date.parse(at) <= overAtMs,
    );
  const candidateHadTraffic = wasIssued((step) => step.startsWith('shift-'));
  const candidateWasAlone = wasIssued((step) => step === 'settle-split');
  switch (blow.kind) {
    case 'kill':
    case 'wire':
      return (error) =>
        isCostOfKill(error, { victim, atMs, sentAtMs, goneAtMs: overAtMs, candidateHadTraffic });
    case 'freeze':
      return (error) =>
        isCostOfFreeze(error, { victim, atMs, overAtMs, candidateHadTraffic, candidateWasAlone });
  }
}

function tell(error: Outcome, zeroMs: number): string {
  const { method, kind, reason, startedAtMs } = error;
  const span = [startedAtMs, endOf(error)].map((atMs) => Math.round(atMs - zeroMs)).join(' to ');
  return `${method} ${kind} ${reason} (${span} ms)`;
}

function endOf({ intendedAtMs, durationMs }: Outcome): number {
  return intendedAtMs + durationMs;
}
