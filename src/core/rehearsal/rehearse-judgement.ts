/** The gate of a rehearsed deployment: the verdict that production would have on the same traffic. */
import type { Command, DeploymentEvent } from '../deployment/deployment-state.ts';
import { noTraffic } from '../gates/candidate-traffic.ts';
import { gateFailure } from '../gates/gate-failure.ts';
import { judgeTraffic, type Judgement, type TrafficLook } from '../gates/judge-traffic.ts';
import { emptySample } from '../model/empty-sample.ts';
import { instanceIdOf, type PoolId } from '../model/ids.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { JudgeTraffic } from '../plan/plan.ts';
import { observationOf } from '../routing/routing-observation.ts';
import { comparedSoFar } from '../verdict/compared-figures.ts';
import { READ_EVERY_SECONDS, type UsageReading } from '../verdict/gauge-blocks.ts';
import { compareTraffic, nextSecond, type Comparison } from '../verdict/comparison.ts';
import { flow } from './flow.ts';
import { writeSplit } from './write-split.ts';
import { lasting, nsOf, type World } from './world.ts';

/** `untilMs`: the deadline, or when somebody's request ends the wait. */
export function rehearseJudgement(
  world: World,
  command: Command,
  { action, untilMs }: { readonly action: JudgeTraffic; readonly untilMs: number },
): DeploymentEvent {
  let last: TrafficLook | null = null;
  let { comparison } = command;
  const ask = (): boolean => {
    if (lasting(world, 'server-killed') ?? lasting(world, 'balancer-away')) return false;
    comparison = compared(world, action, comparison);
    last = look(world, command, action, comparison);
    return last !== null && last.verdict !== 'INCONCLUSIVE';
  };
  const heldMs = Number(world.routing?.inForceSinceNs ?? 0n) / 1e6 + action.limits.holdMs;
  const isDone = ask() || flow(world, Math.min(heldMs, untilMs), ask) || flow(world, untilMs, ask);
  const found = last as TrafficLook | null;
  return concludeRehearsed(world, command, {
    ...{ action, comparison },
    isPassed: isDone && found?.verdict === 'PASS',
    tell: () => found?.tell() ?? null,
  });
}

function look(
  world: World,
  command: Command,
  action: JudgeTraffic,
  comparison: Comparison | null,
): TrafficLook | null {
  const { routing, nowMs, planned, hungUntilMs } = world;
  const [lease] = command.leases;
  if (routing === null || !lease) return null;
  const [firstMs = Infinity] = hungUntilMs;
  const oldestMs = nowMs - (firstMs - routing.routing.requestTimeoutMs);
  const pool = planned.candidate.pool;
  const answered = world.answered.bySequence[lease.token.sequence] ?? 0;
  const load = {
    ...{ pool, inFlight: 0, oldestWaitingMs: Math.max(0, oldestMs) },
    // Every rehearsed pool is one instance.
    answered: [[instanceIdOf(pool, 0), answered]] as const,
  };
  return judgeTraffic(action.limits, {
    candidate: action.candidate,
    weight: action.weight,
    token: lease.token,
    revertToken: command.revertToken,
    observation: observationOf(routing, [load], nsOf(nowMs)),
    traffic: { ...noTraffic, settled: world.answered },
    compared: action.comparison
      ? comparedSoFar(action.comparison, action.weight, comparison)
      : null,
    heldMs: nowMs - Number(routing.inForceSinceNs) / 1e6,
  });
}

function compared(
  world: World,
  { comparison: policy, candidate, onRollback }: JudgeTraffic,
  before: Comparison | null,
): Comparison | null {
  const { stable } = onRollback;
  if (!policy || stable === null) return null;
  const nowSecond = Math.floor(world.nowMs / 1_000);
  const [first] = world.uncompared;
  if (!first || (before !== null && nextSecond(before) >= nowSecond)) return before;
  const samples = before
    ? world.uncompared
    : [beforeTraffic(world, first, stable), ...world.uncompared];
  const behind = compareTraffic(policy, before, {
    pools: { candidate, stable },
    samples,
    nowSecond,
    ...(policy.gauges && { readings: steadyUsage({ candidate, stable }, before, nowSecond) }),
  });
  const kept = behind ? nextSecond(behind) : 0;
  world.uncompared = world.uncompared.filter(({ second }) => second >= kept);
  return behind;
}

/** No release of a rehearsal takes up more and more. */
function steadyUsage(
  { candidate, stable }: { readonly candidate: PoolId; readonly stable: PoolId },
  before: Comparison | null,
  untilSecond: number,
): readonly UsageReading[] {
  const gauges = { memory: 0, openFiles: 0 };
  const instances = [candidate, stable].map((pool) => ({
    ...{ pool, gauges },
    ...{ instance: instanceIdOf(pool, 0), pid: 1 },
  }));
  const from = before ? nextSecond(before) : 0;
  const readings: UsageReading[] = [];
  const every = READ_EVERY_SECONDS;
  for (let second = Math.ceil(from / every) * every; second < untilSecond; second += every) {
    readings.push({ second, instances });
  }
  return readings;
}

/** What the balancer still knows of the time before the candidate had any traffic. */
function beforeTraffic({ service }: World, first: TrafficSample, stable: PoolId): TrafficSample {
  const latency = service.before();
  const requests = latency.reduce((sum, [, count]) => sum + count, 0);
  const { epoch, second, token } = first;
  const before = emptySample({ epoch, second: second - 1, pool: stable, token });
  return { ...before, requests, latency };
}

/** Only PASS goes on; everything else takes away what the candidate gets. */
export function concludeRehearsed(
  world: World,
  command: Command,
  found: {
    readonly action: Pick<JudgeTraffic, 'onRollback'>;
    readonly comparison: Comparison | null;
    readonly isPassed: boolean;
    /** Asked of what did not pass only: in most rehearsals nobody reads what a gate says. */
    readonly tell: () => Judgement | null;
  },
): DeploymentEvent {
  const { action, comparison, isPassed, tell } = found;
  if (isPassed) {
    const evidence = { summary: 'Passed.', ...(comparison && { comparison }) };
    return { kind: 'CommandSucceeded', evidence };
  }
  const judgement = tell();
  const decidedAtNs = String(nsOf(world.nowMs));
  const fallback = world.routing?.fallback;
  const isTaken = !fallback && writeSplit(world, action.onRollback, command.revertToken) === null;
  return {
    kind: 'CommandFailed',
    failure: gateFailure(judgement),
    judgement,
    decidedAtNs: fallback?.decidedAtNs ?? decidedAtNs,
    zeroAtNs: fallback?.zeroAtNs ?? (isTaken ? decidedAtNs : null),
  };
}
