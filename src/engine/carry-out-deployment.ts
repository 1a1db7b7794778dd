/**
 * The loop that carries a deployment out: decide, perform, decide again. Everything that is not a
 * pure function of the plan and of recorded events happens inside a durable step, so that a replay
 * after a crash takes the same way.
 */
import type { Override } from '../core/deployment/closure.ts';
import { decide } from '../core/deployment/decide.ts';
import {
  currentStep,
  initialState,
  type Cause,
  type DeploymentState,
  type Origin,
} from '../core/deployment/deployment-state.ts';
import { bugFailure } from '../core/bug-failure.ts';
import { failureOf } from '../core/failures.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import type { Plan } from '../core/plan/plan.ts';
import { untilReachable } from '../store/database.ts';
import { concludeDeployment } from './conclude-deployment.ts';
import type { EngineContext } from './engine-context.ts';
import { performCommand } from './perform-command.ts';
import { watchRequests, type RequestWatch } from './request-watch.ts';

const DRIVER_LOST = failureOf(
  'internal-error',
  'Whoever carried the deployment out ended for good; it was taken up where it was recorded last.',
  { effect: 'unknown' },
);

/** What the durable engine is to this loop. */
export interface DurableSteps {
  /** Runs `work` at least once and gives the same result in every replay. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Whether the error says that this process must not go on: another one owns the deployment. */
  isDisowned(error: unknown): boolean;
}

/**
 * Its outcome. A `resumption` above 0 takes the deployment up where it was recorded last, after its
 * driver was lost for good; from then on the former drivers cannot write any more.
 */
export async function carryOutDeployment(
  engine: EngineContext,
  deployment: number,
  steps: DurableSteps,
  resumption = 0,
): Promise<string> {
  const loaded = await steps.run('load', () => load(engine, deployment, resumption));
  const { plan } = loaded;
  const requests = watchRequests(engine, deployment);
  try {
    const state = await carryOut(engine, { ...loaded, resumption, steps, requests });
    return state.outcome?.kind ?? 'held';
  } catch (error) {
    if (steps.isDisowned(error) || isReplaced(error)) throw error;
    await steps.run('hold-after-bug', () => holdAfterBug(engine, plan, error));
    return 'held';
  } finally {
    requests.close();
    for (const { scope } of plan.services) engine.leases.release(scope);
  }
}

function isReplaced(error: unknown): boolean {
  return error instanceof OperationalError && error.failure.code === 'driver-replaced';
}

interface Drive {
  readonly plan: Plan;
  readonly resumption: number;
  /** The state to take up; null at the very beginning. */
  readonly begun: DeploymentState | null;
  /** Missing where it was loaded by an older version. */
  readonly origin?: Origin;
  readonly override?: Override | null;
  readonly steps: DurableSteps;
  readonly requests: RequestWatch;
}

async function carryOut(engine: EngineContext, drive: Drive): Promise<DeploymentState> {
  const { plan, resumption, begun, origin, override, steps, requests } = drive;
  let decided = begun
    ? decide(plan, begun, { kind: 'DriverLost', failure: DRIVER_LOST })
    : decide(plan, initialState, {
        kind: 'Started',
        ...(origin && { origin }),
        ...(override && { override }),
      });
  while (decided.command) {
    const { state, command, decisions } = decided;
    const events = await steps.run(`${command.step}#${command.attempt}`, () =>
      performCommand(engine, { plan, resumption, state, command, decisions, requests }),
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
  const record = await untilReachable(() => engine.store.findDeployment(plan.deployment), engine);
  const state = record?.state ?? initialState;
  const cause: Cause = {
    // The restore goes on from here, so that it must be the step at hand and nothing general.
    step: currentStep(plan, state)?.id ?? 'engine',
    failure: bugFailure(error),
    judgement: null,
    decidedAtNs: null,
  };
  const held: DeploymentState = { ...state, mode: 'ended', outcome: { kind: 'held', cause } };
  await concludeDeployment(engine, plan, held, [{ kind: 'DeploymentHeld', cause }]);
}

interface Loaded {
  readonly plan: Plan;
  readonly begun: DeploymentState | null;
  readonly origin: Origin;
  /** As it was admitted. */
  readonly override: Override | null;
}

async function load(
  engine: EngineContext,
  deployment: number,
  resumption: number,
): Promise<Loaded> {
  const record = await untilReachable(() => engine.store.findDeployment(deployment), engine);
  if (!record) throw operationalError('not-found', `Deployment ${deployment} is not recorded.`);
  const { plan, planDigest, actor, state } = record;
  const origin = { planDigest, actor };
  // A record of an older version does not hold it in its state.
  const begun = resumption === 0 ? null : { ...state, origin: state.origin ?? origin };
  return { plan, begun, origin, override: state.override ?? null };
}
