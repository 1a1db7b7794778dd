/**
 * The loop that carries a deployment out: decide, perform, decide again. Everything that is not a
 * pure function of the plan and of recorded events happens inside a durable step, so that a replay
 * after a crash takes the same way.
 */
import { decide } from '../core/deployment/decide.ts';
import {
  currentStep,
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

/** What the durable engine is to this loop. */
export interface DurableSteps {
  /** Runs `work` at least once and gives the same result in every replay. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Whether the error says that this process must not go on: another one owns the deployment. */
  isDisowned(error: unknown): boolean;
}

/** Its outcome. */
export async function carryOutDeployment(
  engine: EngineContext,
  deployment: number,
  steps: DurableSteps,
): Promise<string> {
  const plan = await steps.run('load-plan', () => loadPlan(engine, deployment));
  try {
    const state = await carryOut(engine, plan, steps);
    return state.outcome?.kind ?? 'held';
  } catch (error) {
    if (steps.isDisowned(error)) throw error;
    await steps.run('hold-after-bug', () => holdAfterBug(engine, plan, error));
    return 'held';
  }
}

async function carryOut(
  engine: EngineContext,
  plan: Plan,
  steps: DurableSteps,
): Promise<DeploymentState> {
  let decided = decide(plan, initialState, { kind: 'Started' });
  while (decided.command) {
    const { state, command, decisions } = decided;
    const events = await steps.run(`${command.step}#${command.attempt}`, () =>
      performCommand(engine, { plan, state, command, decisions }),
    );
    decided = { ...decided, decisions: [] };
    for (const event of events) {
      const next = decide(plan, decided.state, event);
      decided = { ...next, decisions: [...decided.decisions, ...next.decisions] };
    }
  }
  const { state, decisions } = decided;
  await steps.run('conclude', () => concludeDeployment(engine, plan, state, decisions));
  return state;
}

/** A bug stops the deployment where it is: nothing is guessed, and the lease gives traffic back. */
async function holdAfterBug(engine: EngineContext, plan: Plan, error: unknown): Promise<void> {
  const record = await untilReachable(
    () => findDeployment(engine.database, plan.deployment),
    engine,
  );
  const state = record?.state ?? initialState;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause: Cause = {
    // The restore goes on from here, so that it must be the step at hand and nothing general.
    step: currentStep(plan, state)?.id ?? 'engine',
    failure: failureOf('internal-error', message, { effect: 'unknown' }),
    judgement: null,
    decidedAtNs: null,
  };
  const held: DeploymentState = { ...state, mode: 'ended', outcome: { kind: 'held', cause } };
  await concludeDeployment(engine, plan, held, [{ kind: 'DeploymentHeld', cause }]);
}

async function loadPlan(engine: EngineContext, deployment: number): Promise<Plan> {
  const record = await untilReachable(() => findDeployment(engine.database, deployment), engine);
  if (!record) throw operationalError('not-found', `Deployment ${deployment} is not recorded.`);
  return record.plan;
}
