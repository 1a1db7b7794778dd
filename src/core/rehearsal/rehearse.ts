/**
 * One deployment of a plan in the modelled world, from its start to its end: the decisions, the gate,
 * the comparison and the routing rules of production, on a clock that has no need to wait.
 */
import { decide } from '../deployment/decide.ts';
import {
  currentStep,
  initialState,
  type Cause,
  type Decided,
  type DeploymentState,
} from '../deployment/deployment-state.ts';
import { exposureOf, type Exposure } from '../deployment/deployment-summary.ts';
import { invariant } from '../invariant.ts';
import type { Plan } from '../plan/plan.ts';
import type { Conduct } from '../traffic-model/conduct.ts';
import type { DeclaredTraffic } from '../traffic-model/declared-traffic.ts';
import { modelledService } from '../traffic-model/modelled-service.ts';
import { quickDraws } from '../traffic-model/quick-draws.ts';
import type { ResponseTimes } from '../traffic-model/response-times.ts';
import type { Mishap } from './mishap.ts';
import { performRehearsed, REHEARSED } from './perform-rehearsed.ts';
import { comparesAny, newWorld, STARTED_MS, type World } from './world.ts';
import { writeSplit } from './write-split.ts';

export interface RehearsalWish {
  readonly plan: Plan;
  readonly traffic: DeclaredTraffic;
  readonly conduct: Conduct;
  /** From the start of the deployment. */
  readonly mishaps: readonly Mishap[];
  readonly seed: number;
  /** Of the traffic, for who rehearses it often. */
  readonly times?: ResponseTimes;
}

export interface Rehearsal {
  readonly outcome: 'promoted' | 'reverted' | 'held';
  readonly cause: Cause | null;
  readonly totalMs: number;
  /** Of the way forward, how long each step took that has passed. */
  readonly steps: readonly { readonly id: string; readonly ms: number }[];
  /** From the candidate's first traffic until it was decided to take it away; null if it was not. */
  readonly caughtMs: number | null;
  readonly exposure: Exposure;
}

/** More commands than any deployment has that ends. */
const COMMANDS_MAX = 5_000;

export function rehearse(wish: RehearsalWish): Rehearsal {
  const { plan, traffic, conduct, mishaps, seed, times } = wish;
  const draws = quickDraws(seed);
  const isCompared = comparesAny(plan);
  const service = modelledService(traffic, conduct, { draws, isCompared, times });
  const world = newWorld({
    ...{ plan, planned: plan.services[0], traffic, conduct, draws, service },
    mishaps: mishaps.map(({ kind, atMs, untilMs }) => ({
      kind,
      atMs: atMs + STARTED_MS,
      untilMs: untilMs + STARTED_MS,
    })),
  });
  serveStable(world);
  const steps: { id: string; ms: number }[] = [];
  let decided: Decided = decide(plan, initialState, {
    kind: 'Started',
    origin: REHEARSED,
  });
  let turnedMs: number | null = null;
  let sinceMs = world.nowMs;
  for (let commands = 0; decided.command; commands += 1) {
    invariant(commands < COMMANDS_MAX, `${plan.id} does not end`);
    for (const event of performRehearsed(world, decided.command)) {
      const before: DeploymentState = decided.state;
      decided = decide(plan, before, event);
      if (before.mode === 'forward' && decided.state.position > before.position) {
        steps.push({
          id: currentStep(plan, before)?.id ?? '',
          ms: Math.round(world.nowMs - sinceMs),
        });
        sinceMs = world.nowMs;
      }
      if (before.mode === 'forward' && decided.state.cause !== null) turnedMs ??= world.nowMs;
    }
  }
  return concluded(world, decided.state, { steps, turnedMs });
}

/** What an earlier deployment left, and a revert leaves again. */
function serveStable(world: World): void {
  const { revert, deployment } = world.plan;
  const { stable } = world.planned;
  const before = revert.findLast(({ action }) => action.kind === 'apply-split')?.action;
  if (stable === null || before?.kind !== 'apply-split') return;
  writeSplit(world, before.split, { deployment: deployment - 1, sequence: 1 });
}

function concluded(
  world: World,
  { outcome, leasedSequences }: DeploymentState,
  { steps, turnedMs }: { readonly steps: Rehearsal['steps']; readonly turnedMs: number | null },
): Rehearsal {
  const { plan, planned, samples, firstTrafficMs, nowMs } = world;
  invariant(outcome, 'a deployment without a further command has ended');
  return {
    outcome: outcome.kind,
    cause: outcome.kind === 'promoted' ? null : outcome.cause,
    totalMs: Math.round(nowMs - STARTED_MS),
    steps,
    caughtMs:
      turnedMs === null || firstTrafficMs === null ? null : Math.round(turnedMs - firstTrafficMs),
    exposure: exposureOf(
      { sinceSecond: 0, samples },
      {
        candidate: planned.candidate.pool,
        deployment: plan.deployment,
        sinceSecond: 0,
        leasedSequences,
      },
    ),
  };
}
