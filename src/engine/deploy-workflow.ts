/**
 * The loop that carries a deployment out: decide, perform, decide again. Everything that is not a
 * pure function of the plan and of recorded events happens inside a durable step, so that a replay
 * after a crash takes the same way. Frozen once released: what changes becomes `deployV2`.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { decide } from '../core/deployment/decide.ts';
import {
  initialState,
  type Cause,
  type DeploymentState,
} from '../core/deployment/deployment-state.ts';
import { failureOf } from '../core/failures.ts';
import { operationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { untilReachable } from '../store/database.ts';
import { findDeployment } from '../store/deployment-store.ts';
import { concludeDeployment } from './conclude-deployment.ts';
import type { EngineContext } from './engine-context.ts';
import { performCommand } from './perform-command.ts';

export type DeployWorkflow = (deployment: number) => Promise<string>;

/** A crash loop in a long watch must not end unseen: far more recoveries than any deployment needs. */
const RECOVERIES_MAX = 1_000_000;

export function registerDeployWorkflow(engine: EngineContext): DeployWorkflow {
  return DBOS.registerWorkflow(
    async function deployV1(deployment: number): Promise<string> {
      const plan = await DBOS.runStep(() => loadPlan(engine, deployment), { name: 'load-plan' });
      try {
        const state = await carryOut(engine, plan);
        return state.outcome?.kind ?? 'held';
      } catch (error) {
        // The durable engine's own errors say that another process owns the workflow.
        if (error instanceof Error && error.name.startsWith('DBOS')) throw error;
        await DBOS.runStep(() => holdAfterBug(engine, plan, error), { name: 'hold-after-bug' });
        return 'held';
      }
    },
    { name: 'deployV1', maxRecoveryAttempts: RECOVERIES_MAX },
  );
}

async function carryOut(engine: EngineContext, plan: Plan): Promise<DeploymentState> {
  let decided = decide(plan, initialState, { kind: 'Started' });
  while (decided.command) {
    const { state, command, decisions } = decided;
    const events = await DBOS.runStep(
      () => performCommand(engine, { plan, state, command, decisions }),
      { name: `${command.step}#${command.attempt}` },
    );
    decided = { ...decided, decisions: [] };
    for (const event of events) {
      const next = decide(plan, decided.state, event);
      decided = { ...next, decisions: [...decided.decisions, ...next.decisions] };
    }
  }
  const { state, decisions } = decided;
  await DBOS.runStep(() => concludeDeployment(engine, plan, state, decisions), {
    name: 'conclude',
  });
  return state;
}

/** A bug stops the deployment where it is: nothing is guessed, and the lease gives traffic back. */
async function holdAfterBug(engine: EngineContext, plan: Plan, error: unknown): Promise<void> {
  const record = await untilReachable(
    () => findDeployment(engine.database, plan.deployment),
    engine,
  );
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause: Cause = {
    step: 'engine',
    failure: failureOf('internal-error', message, { effect: 'unknown' }),
    judgement: null,
    decidedAtNs: null,
  };
  const state: DeploymentState = {
    ...(record?.state ?? initialState),
    mode: 'ended',
    outcome: { kind: 'held', cause },
  };
  await concludeDeployment(engine, plan, state, [{ kind: 'DeploymentHeld', cause }]);
}

async function loadPlan(engine: EngineContext, deployment: number): Promise<Plan> {
  const record = await untilReachable(() => findDeployment(engine.database, deployment), engine);
  if (!record) throw operationalError('not-found', `Deployment ${deployment} is not recorded.`);
  return record.plan;
}
