/** Writes a deployment's end: outcome, what it cost clients, and the last audit entries. */
import { declined } from '../core/deployment/answer-request.ts';
import type { Decision, DeploymentState } from '../core/deployment/deployment-state.ts';
import {
  exposureOf,
  totalExposure,
  type DeploymentSummary,
} from '../core/deployment/deployment-summary.ts';
import type { OperatorRequest } from '../core/deployment/operator-request.ts';
import { refusedAbort } from '../core/deployment/refused-abort.ts';
import { invariant } from '../core/invariant.ts';
import { mapNonEmpty } from '../core/map-non-empty.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import type { Plan, PlannedService } from '../core/plan/plan.ts';
import { untilReachable } from '../store/database.ts';
import type { EngineContext } from './engine-context.ts';
import { decisionEntries, entry } from './perform-command.ts';
import { poll } from './poll.ts';

export async function concludeDeployment(
  engine: EngineContext,
  plan: Plan,
  state: DeploymentState,
  decisions: readonly Decision[],
): Promise<void> {
  const { outcome } = state;
  invariant(outcome, 'a deployment that has ended has an outcome');
  for (const { scope } of plan.services) engine.leases.release(scope);
  engine.progress.forget(plan.deployment);
  const reports = await Promise.all(
    mapNonEmpty(plan.services, async (service) => ({
      candidate: service.candidate.pool,
      report: await readReport(engine, service),
    })),
  );
  await untilReachable(async () => {
    const totalMs = await engine.store.deploymentAgeMs(plan.deployment);
    const sinceSecond = Math.floor(Number(engine.clock.monotonicNs()) / 1e9 - totalMs / 1000);
    const { leasedSequences } = state;
    const exposures = mapNonEmpty(reports, ({ candidate, report }) =>
      exposureOf(report, { candidate, deployment: plan.deployment, sinceSecond, leasedSequences }),
    );
    const summary: DeploymentSummary = {
      outcome: outcome.kind,
      cause: state.cause ?? (outcome.kind === 'held' ? outcome.cause : null),
      exposure: totalExposure(exposures),
      decisionToZeroMs: decisionToZeroMs(state),
      totalMs,
    };
    await engine.store.endDeployment({
      deployment: plan.deployment,
      status: outcome.kind,
      state,
      summary,
      audit: [
        ...decisionEntries(plan, decisions, 'end'),
        entry(plan, 'end', { kind: 'DeploymentEnded', outcome: outcome.kind, summary }),
      ],
      refusalOf: (request) => ({ ...entry(plan, 'end', tooLateAnswer(state, request)), key: null }),
    });
  }, engine);
}

function tooLateAnswer(state: DeploymentState, request: OperatorRequest): Decision {
  if (request.kind === 'abort') return refusedAbort(state, request);
  return declined(request, 'It has ended.');
}

function decisionToZeroMs({ cause, zeroAtNs }: DeploymentState): number | null {
  if (!cause?.decidedAtNs || zeroAtNs === null) return null;
  const decisionToZeroNs = Number(BigInt(zeroAtNs) - BigInt(cause.decidedAtNs));
  // Taken away by a process that was killed before it could say when it had decided.
  if (decisionToZeroNs < 0) return null;
  return Math.round(decisionToZeroNs / 1e3) / 1e3;
}

const READ_DEADLINE_MS = 5_000;

/** What the balancer still holds; one that stays away must not keep the deployment from its end. */
async function readReport(
  engine: EngineContext,
  service: PlannedService,
): Promise<TrafficReport | null> {
  const context = { clock: engine.clock, signal: engine.clock.deadline(READ_DEADLINE_MS).signal };
  let report: TrafficReport | null = null;
  try {
    const { balancer } = engine.connectDrivers(service);
    await poll(context, async () => {
      report = await balancer.samples(service.scope, 0, context);
      return true;
    });
  } catch {
    // The end is recorded all the same, also where a bug of a driver is why it ends.
  }
  return report;
}
