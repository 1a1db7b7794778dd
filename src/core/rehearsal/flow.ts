/**
 * Lets time go by: clients ask, both pools answer, the balancer counts, trips and ends leases by its own
 * rules. Within a second failures have their moments, for a look or a trip comes between two of them.
 */
import {
  countFailure,
  decideRenew,
  isLeaseAlive,
  lapseWhenDue,
  type RoutingState,
} from '../routing/routing-state.ts';
import type { PoolId } from '../model/ids.ts';
import { addTraffic } from '../gates/candidate-traffic.ts';
import { emptySample } from '../model/empty-sample.ts';
import type { TripCounts } from '../model/routing.ts';
import type { TrafficSample } from '../model/traffic-sample.ts';
import type { DrawnArm } from '../traffic-model/modelled-service.ts';
import { candidateWeight, lasting, nsOf, takeMishap, type World } from './world.ts';

/** Asks the gate; true when it has its verdict. */
export type Look = () => boolean;

const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** What a candidate does alone is drawn at once for so long; where it fails is looked at as often as ever. */
const ALONE_MS = 2_000;
/** Something that both releases need, as `bench:verdict` has it. */
const SHARED_TROUBLE = { errorRate: 0.02, logSlower: 0.3 };

/** True when a look had its verdict before `untilMs`. */
export function flow(world: World, untilMs: number, look: Look | null = null): boolean {
  while (world.nowMs < untilMs) {
    if (takeMishap(world, 'instance-exits')) exitInstance(world);
    const weight = candidateWeight(world);
    const endMs = Math.min(untilMs, nextTurn(world, weight, look !== null));
    const isOver = weight > 0 ? answer(world, weight, endMs, look) : pass(world, endMs);
    if (isOver) return true;
    if (look !== null && world.nowMs >= endMs && look()) return true;
  }
  return false;
}

/** When something changes that is known ahead. */
function nextTurn(world: World, weight: number, isJudged: boolean): number {
  const { nowMs, mishaps, routing } = world;
  let nextMs = Infinity;
  if (weight > 0 && isBeside(world, weight)) {
    nextMs = (Math.floor(nowMs / SECOND_MS) + 1) * SECOND_MS;
  } else if (weight > 0) nextMs = nowMs + ALONE_MS;
  // What took the traffic away is seen at the next look.
  else if (isJudged) nextMs = nowMs + LOOK_EVERY_MS;
  for (const { atMs, untilMs } of mishaps) {
    if (atMs > nowMs) nextMs = Math.min(nextMs, atMs);
    if (untilMs > nowMs) nextMs = Math.min(nextMs, untilMs);
  }
  if (routing === null || !isLeaseAlive(routing) || mayRenew(world)) return nextMs;
  const lapsesMs = Math.ceil(Number(routing.leaseDeadlineNs ?? 0n) / 1e6);
  return lapsesMs > nowMs ? Math.min(nextMs, lapsesMs) : nextMs;
}

/** Whether the comparison has something to compare, which it does second by second. */
function isBeside({ compares }: World, weight: number): boolean {
  return compares && weight < 100;
}

function pass(world: World, endMs: number): false {
  world.nowMs = endMs;
  settle(world);
  return false;
}

/** The lease at the end of a while: renewed by whoever can, or over. */
function settle(world: World): void {
  const { routing } = world;
  if (routing === null || !isLeaseAlive(routing)) return;
  const nowNs = nsOf(world.nowMs);
  const lapsed = lapseWhenDue(routing, nowNs);
  world.routing = lapsed;
  if (lapsed !== routing || !mayRenew(world)) return;
  const renewed = decideRenew(lapsed, world.planned.scope, lapsed.token, nowNs);
  if (renewed.kind === 'renewed') world.routing = renewed.state;
}

function mayRenew(world: World): boolean {
  if (!world.isRenewing) return false;
  return (['server-killed', 'database-away', 'balancer-away'] as const).every(
    (kind) => lasting(world, kind) === null,
  );
}

interface Failing {
  /** From 0 to 1, within the while. */
  readonly at: number;
  readonly rule: keyof TripCounts;
}

/** True when a look in the middle of it had its verdict; then time stands where that was. */
function answer(world: World, weight: number, endMs: number, look: Look | null): boolean {
  const { nowMs: startMs, routing, planned, service } = world;
  if (routing === null) return pass(world, endMs);
  world.firstTrafficMs ??= startMs;
  const seconds = (endMs - startMs) / SECOND_MS;
  const trouble = lasting(world, 'shared-trouble') && SHARED_TROUBLE;
  const { candidate, stable } = service.draw(seconds, weight / 100, trouble);
  const failing = failingOf(world, candidate, endMs);
  hang(world, candidate.hung, endMs);
  const answered = record(world, { routing, arm: candidate, failing, endMs, look });
  const part = (world.nowMs - startMs) / (endMs - startMs);
  if (planned.stable && weight < 100) {
    keep(world, stableSample(world, routing, planned.stable.pool, stable, startMs, part));
  }
  settle(world);
  return answered;
}

/** Requests of the while that time out one by one, later. */
function hang({ draws, nowMs, hungUntilMs, routing }: World, count: number, endMs: number): void {
  if (count === 0) return;
  const timeoutMs = routing?.routing.requestTimeoutMs ?? 0;
  const asked = Array.from({ length: count }, () => nowMs + draws.uniform() * (endMs - nowMs));
  for (const atMs of asked.sort((left, right) => left - right)) hungUntilMs.push(atMs + timeoutMs);
}

/** Failures of the candidate in the while, each with its moment, in their order. */
function failingOf(world: World, arm: DrawnArm, endMs: number): readonly Failing[] {
  const { draws, candidate, conduct, planned, hungUntilMs, nowMs } = world;
  candidate.asked += arm.responses + arm.hung;
  const isWeary = conduct.exitsAfter !== undefined && candidate.unexpectedExits === 0;
  if (isWeary && candidate.asked >= (conduct.exitsAfter ?? Infinity)) exitInstance(world);
  const share = Math.min(1, candidate.exited / planned.candidate.instances);
  const refused = share === 0 ? 0 : Math.min(arm.responses, draws.poisson(arm.responses * share));
  const lengthMs = endMs - nowMs;
  const timedOut: Failing[] = [];
  for (let dueMs = hungUntilMs[0]; dueMs !== undefined && dueMs <= endMs; dueMs = hungUntilMs[0]) {
    hungUntilMs.shift();
    timedOut.push({ rule: 'timeouts', at: (dueMs - nowMs) / lengthMs });
  }
  if (arm.failed + refused + timedOut.length === 0) return NONE;
  const some = (rule: Failing['rule'], count: number): readonly Failing[] =>
    Array.from({ length: count }, () => ({ rule, at: draws.uniform() }));
  return [...some('serverErrors', arm.failed), ...some('connectErrors', refused), ...timedOut].sort(
    (left, right) => left.at - right.at,
  );
}

const NONE: readonly Failing[] = [];

function exitInstance({ candidate, planned }: World): void {
  if (!candidate.isRunning || candidate.exited >= planned.candidate.instances) return;
  candidate.exited += 1;
  candidate.unexpectedExits += 1;
}

/** Look by look where something fails: what was answered until then, and what a trip ends. */
function record(
  world: World,
  given: {
    readonly routing: RoutingState;
    readonly arm: DrawnArm;
    readonly failing: readonly Failing[];
    readonly endMs: number;
    readonly look: Look | null;
  },
): boolean {
  const { routing, arm, failing, endMs, look } = given;
  const startMs = world.nowMs;
  const everyMs = look ? LOOK_EVERY_MS : SECOND_MS;
  const looks = failing.length > 0 ? Math.ceil((endMs - startMs) / everyMs) : 1;
  const all = arm.responses + failing.filter(({ rule }) => rule === 'timeouts').length;
  let failed = 0;
  let told = 0;
  for (let number = 1; number <= looks; number += 1) {
    let part = number / looks;
    const counts = { serverErrors: 0, connectErrors: 0, timeouts: 0 };
    let isTripped = false;
    for (
      let next = failing[failed];
      next && next.at <= part && !isTripped;
      next = failing[failed]
    ) {
      failed += 1;
      counts[next.rule] += 1;
      isTripped = trips(world, next.rule, startMs + next.at * (endMs - startMs));
      if (isTripped) part = next.at;
    }
    const failures = counts.serverErrors + counts.connectErrors + counts.timeouts;
    const answered = Math.max(failures, Math.round(all * part) - told);
    told += answered;
    const isWhole = number === looks && !isTripped;
    const sinceMs = world.nowMs;
    world.nowMs = startMs + part * (endMs - startMs);
    keep(world, {
      ...sampleOf(routing, world.planned.candidate.pool, sinceMs),
      ...counts,
      requests: answered,
      // Callers are told apart by who failed; only a whole second is compared.
      failedCallers: isWhole ? callersOf(arm, failing) : 0,
      clientErrors: failures,
      latency: isWhole ? arm.latency : [],
    });
    if (isTripped) return false;
    if (!isWhole && look?.()) return true;
  }
  world.nowMs = endMs;
  return false;
}

/** Whoever is refused or waits in vain is a caller of its own. */
function callersOf({ failed, failedCallers }: DrawnArm, failing: readonly Failing[]): number {
  return failedCallers + failing.length - failed;
}

function trips(world: World, rule: keyof TripCounts, atMs: number): boolean {
  const { routing, plan, planned } = world;
  if (routing === null) return false;
  const failed = { pool: planned.candidate.pool, deployment: plan.deployment, rule };
  world.routing = countFailure(routing, failed, nsOf(atMs));
  return world.routing.fallback !== routing.fallback;
}

function stableSample(
  world: World,
  routing: RoutingState,
  pool: PoolId,
  arm: DrawnArm,
  startMs: number,
  part: number,
): TrafficSample {
  const instances = world.planned.stable?.instances ?? 1;
  let sliced = 0;
  for (let caller = 0; caller < arm.failedCallers; caller += 1) {
    if (world.draws.uniform() < 1 / instances) sliced += 1;
  }
  return {
    ...sampleOf(routing, pool, startMs),
    requests: Math.round(arm.responses * part),
    serverErrors: arm.failed,
    clientErrors: arm.failed,
    failedCallers: arm.failedCallers,
    slice: { requests: Math.floor((arm.responses * part) / instances), failedCallers: sliced },
    latency: arm.latency,
  };
}

function sampleOf({ token }: RoutingState, pool: PoolId, startMs: number): TrafficSample {
  const second = Math.floor(startMs / SECOND_MS);
  return emptySample({ epoch: 'rehearsed', second, pool, token });
}

function keep(world: World, sample: TrafficSample): void {
  world.samples.push(sample.latency.length === 0 ? sample : { ...sample, latency: [] });
  if (isBeside(world, candidateWeight(world))) world.uncompared.push(sample);
  if (sample.pool !== world.planned.candidate.pool) return;
  world.answered = addTraffic(world.answered, [sample]);
}
