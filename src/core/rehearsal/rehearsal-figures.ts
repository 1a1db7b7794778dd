/** What is kept of a rehearsal to be counted: small, since there are ten thousand of them. */
import type { Cause } from '../deployment/deployment-state.ts';
import type { FailureCode } from '../failures.ts';
import type { Finding } from '../gates/finding.ts';
import type { Plan } from '../plan/plan.ts';
import type { DeclaredTraffic } from '../traffic-model/declared-traffic.ts';
import type { MishapKind } from './mishap.ts';
import { rehearse, type Rehearsal } from './rehearse.ts';
import type { Scenario } from './scenario.ts';

export interface RehearsalFigures {
  readonly conduct: string;
  readonly mishaps: readonly MishapKind[];
  readonly outcome: Rehearsal['outcome'];
  /** Of what was not promoted: the step that failed, and why. */
  readonly step: string | null;
  readonly cause: FailureCode | Finding['metric'] | null;
  readonly totalMs: number;
  readonly caughtMs: number | null;
  readonly requests: number;
  readonly failures: number;
  readonly budgetSeconds: number;
  readonly steps: Rehearsal['steps'];
}

export function rehearsalFigures(
  plan: Plan,
  traffic: DeclaredTraffic,
  scenario: Scenario,
): RehearsalFigures {
  const { conduct, mishaps } = scenario;
  const { outcome, cause, totalMs, caughtMs, exposure, steps } = rehearse({
    ...{ plan, traffic },
    ...scenario,
  });
  return {
    conduct: conduct.name,
    mishaps: mishaps.map(({ kind }) => kind),
    outcome,
    step: cause?.step ?? null,
    cause: cause && causeOf(cause),
    totalMs,
    caughtMs,
    requests: exposure.requests,
    failures: exposure.failures,
    budgetSeconds: exposure.budgetSeconds,
    steps,
  };
}

/** What the gate found, when it was the gate; otherwise the failure's code. */
function causeOf({ failure, judgement }: Cause): RehearsalFigures['cause'] {
  if (failure.code !== 'gate-failed') return failure.code;
  return judgement?.findings.find(({ met }) => !met)?.metric ?? failure.code;
}
