/** Rehearses a plan once for each scenario, and keeps little of it: there are ten thousand to be counted. */
import type { Cause } from '../deployment/deployment-state.ts';
import type { FailureCode } from '../failures.ts';
import type { Finding } from '../gates/finding.ts';
import type { Plan } from '../plan/plan.ts';
import type { DeclaredTraffic } from '../traffic-model/declared-traffic.ts';
import { responseTimesOf } from '../traffic-model/response-times.ts';
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

/** In the order of the scenarios. */
export function rehearseAll(
  plan: Plan,
  traffic: DeclaredTraffic,
  scenarios: readonly Scenario[],
): readonly RehearsalFigures[] {
  const times = responseTimesOf(traffic);
  return scenarios.map((scenario) =>
    figuresOf(scenario, rehearse({ ...{ plan, traffic, times }, ...scenario })),
  );
}

function figuresOf(
  { conduct, mishaps }: Scenario,
  { outcome, cause, totalMs, caughtMs, exposure, steps }: Rehearsal,
): RehearsalFigures {
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
