/**
 * A balancer in memory, with a clock and faults that the test or simulation moves by hand. It obeys
 * the rules of core/routing like the edge, and serves requests as its behaviours say.
 */
import { invariant } from '../../../core/invariant.ts';
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import type { InstanceId, PoolId, Scope } from '../../../core/model/ids.ts';
import type { RoutedPool, Routing, RoutingObservation } from '../../../core/model/routing.ts';
import type { TrafficReport } from '../../../core/model/traffic-report.ts';
import { OperationalError, operationalError } from '../../../core/operational-error.ts';
import { observationOf } from '../../../core/routing/routing-observation.ts';
import {
  countFailure,
  decideApply,
  decideRenew,
  effectiveWeightOf,
  isLeaseAlive,
  lapseWhenDue,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';
import { countAdmission, isAdmitted } from '../../../core/routing/admission.ts';
import { chooseSlot, type Slot } from '../../../core/routing/choose-slot.ts';
import { slotAtPoint } from '../../../core/routing/slot-at-point.ts';
import { stickyPointOf } from '../../../core/routing/sticky-point.ts';
import { parseRequest } from '../../../platform/parse-request.ts';
import { routingSchema, tokenSchema } from '../../../platform/routing-schema.ts';
import { ruleOf, statusOf, type SimulatedAnswer } from './simulated-answer.ts';
import { createSimulatedInstances, type SimulatedInstances } from './simulated-instances.ts';
import { createSimulatedMirror, type SimulatedMirror } from './simulated-mirror.ts';
import {
  createSimulatedSamples,
  type SampleCounts,
  type SimulatedSamples,
} from './simulated-samples.ts';

/** By the number of the request at its pool, and the instance; a copy has none. */
export type SimulatedBehaviour = (
  request: number,
  instance: InstanceId | null,
  isUnsafe: boolean,
) => SimulatedAnswer;

export interface SimulatedRequest {
  /** By which its client stays with its release, where the routing says so. */
  readonly key?: string;
  /** It may change something; then it is never repeated. */
  readonly isUnsafe?: boolean;
}

export interface SimulatedOutcome {
  readonly status: number;
  /** Null when there was none to ask. */
  readonly pool: PoolId | null;
}

/** What goes wrong with the next command. */
export type SimulatedFault =
  /** It never arrives. */
  | 'request-lost'
  /** It is carried out, but nobody hears of it. */
  | 'answer-lost';

export interface SimulatedBalancerWorld {
  /** The time of all leases and samples, in ms; moves only when told. */
  nowMs(): number;
  advance(ms: number): void;
  /** What a pool does with a request from now on; status 200 in 1 ms unless said otherwise. */
  behave(pool: PoolId, answer: SimulatedBehaviour): void;
  /** Strikes the next verb that reaches the balancer, once. */
  strike(fault: SimulatedFault): void;
  /** Sends requests that are safe to repeat and says with which status each ended at its client. */
  send(scope: Scope, count: number): readonly number[];
  /** One request; who answered it. */
  ask(scope: Scope, request: SimulatedRequest): SimulatedOutcome;

  observe(scope: Scope): RoutingObservation | null;
  /** What is in force; the same object as long as nothing has changed. */
  inForce(scope: Scope): RoutingState | null;
  apply(routing: Routing, token: FencingToken, over?: FencingToken): RoutingObservation;
  renew(scope: Scope, token: FencingToken): void;
  report(scope: Scope, fromSecond: number): TrafficReport;
  /** Somebody else has the balancer follow its oldest routing again; false when it has none. */
  reload(scope: Scope): boolean;
  reloads(): number;
  /** Throws as a broken connection would; called before and after every verb by the driver. */
  fail(moment: 'before' | 'after', changes: boolean): void;
}

interface PoolSlot extends Slot {
  readonly pool: PoolId;
  readonly routed: RoutedPool;
}

interface SimulatedScope {
  state: RoutingState | null;
  /** The first that was ever in force, as a file of its configuration may still have it. */
  oldest: RoutingState | null;
  slots: readonly PoolSlot[];
  mirror: SimulatedMirror | null;
  readonly samples: SimulatedSamples;
  readonly instances: SimulatedInstances;
}

/** Nothing was asked, and nothing is counted. */
const ALL_EJECTED: SimulatedAnswer = { kind: 'refused' };
const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };
const SECONDS_KEPT = 15 * 60;

interface WorldState {
  readonly trusts: boolean;
  nowMs: number;
  fault: SimulatedFault | null;
  reloads: number;
  readonly scopes: Map<Scope, SimulatedScope>;
  readonly behaviours: Map<PoolId, SimulatedBehaviour>;
  /** Requests that each pool has been asked. */
  readonly asked: Map<PoolId, number>;
}

/** With `trusts`, for a caller whose commands are well formed: what is not is followed unchecked. */
export function createSimulatedBalancerWorld({ trusts = false } = {}): SimulatedBalancerWorld {
  const world: WorldState = {
    trusts,
    nowMs: 0,
    fault: null,
    reloads: 0,
    scopes: new Map(),
    behaviours: new Map(),
    asked: new Map(),
  };
  return {
    nowMs: () => world.nowMs,
    advance(ms) {
      world.nowMs += ms;
    },
    behave: (pool, answer) => void world.behaviours.set(pool, answer),
    strike(next) {
      world.fault = next;
    },
    send(name, times) {
      const scope = scopeAt(world, name);
      const statuses: number[] = [];
      for (let sent = 0; sent < times; sent += 1) statuses.push(sendOne(world, scope, {}).status);
      return statuses;
    },
    ask: (name, request) => sendOne(world, scopeAt(world, name), request),
    observe: (name) => observed(world, scopeAt(world, name)),
    inForce: (name) => scopeAt(world, name).state,
    apply: (routing, token, over) => apply(world, routing, [token, over]),
    renew(name, token) {
      const scope = scopeAt(world, name);
      const decision = decideRenew(scope.state, name, token, nowNs(world));
      if (decision.kind === 'refused') throw new OperationalError(decision.failure);
      follow(scope, decision.state);
    },
    report(name, fromSecond) {
      const sinceSecond = Math.max(0, secondOf(world) - SECONDS_KEPT);
      const { state, mirror, samples: counted } = scopeAt(world, name);
      const samples = counted.list(Math.max(fromSecond, sinceSecond));
      if (mirror === null || state === null) return { sinceSecond, samples };
      const found = { epoch: 'simulated', token: state.token, ...mirror.findings() };
      return { sinceSecond, samples, mirror: found };
    },
    reload(name) {
      const scope = scopeAt(world, name);
      world.reloads += 1;
      if (scope.oldest) follow(scope, { ...scope.oldest, inForceSinceNs: nowNs(world) });
      return scope.oldest !== null;
    },
    reloads: () => world.reloads,
    fail(moment, changes) {
      const { fault } = world;
      if (fault === null || (fault === 'request-lost') !== (moment === 'before')) return;
      world.fault = null;
      throw operationalError('agent-unreachable', 'The simulated balancer did not answer.', {
        effect: fault === 'answer-lost' && changes ? 'unknown' : 'none',
      });
    },
  };
}

function nowNs(world: WorldState): bigint {
  return BigInt(Math.round(world.nowMs * 1e6));
}

function secondOf(world: WorldState): number {
  return Math.floor(world.nowMs / 1000);
}

function scopeAt(world: WorldState, name: Scope): SimulatedScope {
  const known = world.scopes.get(name) ?? newScope(world, name);
  const { state } = known;
  // Only a lease ends by time.
  if (state !== null && state.leaseDeadlineNs !== null) {
    follow(known, lapseWhenDue(state, nowNs(world)));
  }
  return known;
}

function newScope({ scopes }: WorldState, name: Scope): SimulatedScope {
  const scope: SimulatedScope = {
    state: null,
    oldest: null,
    slots: [],
    mirror: null,
    samples: createSimulatedSamples(),
    instances: createSimulatedInstances(),
  };
  scopes.set(name, scope);
  return scope;
}

function observed(world: WorldState, scope: SimulatedScope): RoutingObservation | null {
  const { state, instances } = scope;
  if (state === null) return null;
  const loads = state.routing.pools.map((pool) => instances.load(pool, state.token));
  return observationOf(state, loads, nowNs(world));
}

function apply(
  world: WorldState,
  wanted: Routing,
  [wantedToken, over]: readonly [FencingToken, FencingToken | undefined],
): RoutingObservation {
  const routing = world.trusts ? wanted : parseRequest(routingSchema, wanted);
  const token = world.trusts ? wantedToken : parseRequest(tokenSchema, wantedToken);
  const scope = scopeAt(world, routing.scope);
  const decision = decideApply(scope.state, routing, token, nowNs(world), over);
  if (decision.kind === 'refused') throw new OperationalError(decision.failure);
  if (decision.kind === 'changed') follow(scope, decision.state);
  const observation = observed(world, scope);
  invariant(observation, 'a scope has a routing once one was applied');
  return observation;
}

function sendOne(
  world: WorldState,
  scope: SimulatedScope,
  request: SimulatedRequest,
): SimulatedOutcome {
  const { state } = scope;
  const chosen = state && chosenSlot(scope.slots, state, request);
  if (chosen === null || state === null) return { status: 503, pool: null };
  const { stable } = state.routing;
  const slot = request.isUnsafe ? slotForUnsafe(scope, state, chosen) : chosen;
  const count = (pool: PoolId, counts: SampleCounts) =>
    scope.samples.count(secondOf(world), pool, state.token, counts);
  const answer = serve(world, scope, slot.routed, request);
  if (slot.pool === stable && answer.kind === 'answer') mirror(world, scope, request, answer);
  const status = statusOf(answer);
  if (status < 500) return { status, pool: slot.pool };
  if (stable === null || stable === slot.pool || request.isUnsafe) {
    count(slot.pool, { clientErrors: 1 });
    return { status, pool: slot.pool };
  }
  const other = state.routing.pools.find(({ pool }) => pool === stable);
  invariant(other, 'the stable pool is one of the routed pools');
  const second = statusOf(serve(world, scope, other, request));
  if (second < 500) count(slot.pool, { rescued: 1 });
  else count(stable, { clientErrors: 1 });
  return { status: second, pool: stable };
}

function chosenSlot(
  slots: readonly PoolSlot[],
  { routing, token }: RoutingState,
  { key }: SimulatedRequest,
): PoolSlot | null {
  const assignment = routing.lease?.assignment;
  if (key === undefined || assignment === undefined) return chooseSlot(slots);
  const stable = slots.find(({ pool }) => pool === routing.stable) ?? null;
  return slotAtPoint(slots, stable, stickyPointOf(key, token.deployment));
}

/** The stable pool stands in for a candidate that has yet to earn such requests. */
function slotForUnsafe(scope: SimulatedScope, state: RoutingState, chosen: PoolSlot): PoolSlot {
  const isAllowed = isAdmitted(state, chosen.pool);
  const { deployment } = state.token;
  const what = isAllowed ? 'unsafeSent' : 'withheld';
  follow(scope, countAdmission(state, { pool: chosen.pool, deployment, what }));
  if (isAllowed) return chosen;
  return scope.slots.find(({ pool }) => pool === state.routing.stable) ?? chosen;
}

function mirror(
  world: WorldState,
  { mirror: of, state }: SimulatedScope,
  request: SimulatedRequest,
  answer: SimulatedAnswer,
): void {
  const { stable, lease } = state?.routing ?? {};
  if (of === null || !stable || !lease || request.isUnsafe) return;
  of.answered(answer, {
    stable: () => ask(world, stable, null, request),
    candidate: () => ask(world, lease.candidate, null, request),
  });
}

/** What a pool makes of one more request, whoever sends it. */
function ask(
  world: WorldState,
  pool: PoolId,
  instance: InstanceId | null,
  { isUnsafe = false }: SimulatedRequest,
): SimulatedAnswer {
  const request = (world.asked.get(pool) ?? 0) + 1;
  world.asked.set(pool, request);
  return world.behaviours.get(pool)?.(request, instance, isUnsafe) ?? FINE;
}

function serve(
  world: WorldState,
  scope: SimulatedScope,
  routedPool: RoutedPool,
  request: SimulatedRequest,
): SimulatedAnswer {
  const { pool } = routedPool;
  const token = scope.state?.token;
  invariant(token, 'what is served is routed');
  const instance = scope.instances.next(routedPool, nowNs(world));
  if (instance === null) return ALL_EJECTED;
  const answer = ask(world, pool, instance, request);
  const rule = ruleOf(answer);
  if (answer.kind === 'abandoned') {
    scope.samples.count(secondOf(world), pool, token, { abandonedAfterUs: answer.waitedUs });
    return answer;
  }
  scope.samples.count(secondOf(world), pool, token, {
    requests: 1,
    ...(rule !== null && { [rule]: 1 }),
    ...(answer.kind === 'answer' && { latencyUs: answer.latencyUs }),
  });
  if (answer.kind === 'answer') scope.instances.answered(instance, token);
  const stable = scope.state?.routing.stable ?? null;
  const at = { mayEmpty: stable !== null && stable !== pool, nowNs: nowNs(world) };
  scope.instances.outcome({ pool: routedPool, instance }, rule === null, at);
  if (rule === null && !request.isUnsafe && scope.state !== null) {
    const good = { pool, deployment: token.deployment, what: 'cleanAnswers' } as const;
    follow(scope, countAdmission(scope.state, good));
  }
  if (rule !== null && scope.state !== null) {
    const failed = { pool, deployment: token.deployment, rule };
    follow(scope, countFailure(scope.state, failed, nowNs(world)));
  }
  return answer;
}

/** Makes a state the one in force; the choice follows its effective weights. */
function follow(scope: SimulatedScope, state: RoutingState): void {
  if (scope.state === state) return;
  const isSameSplit =
    scope.state?.routing === state.routing && scope.state.fallback === state.fallback;
  scope.state = state;
  scope.oldest ??= state;
  if (isSameSplit) return;
  const rules = isLeaseAlive(state) ? state.routing.lease?.mirror : undefined;
  scope.mirror = rules ? createSimulatedMirror(rules) : null;
  scope.slots = state.routing.pools.map((routed) => ({
    pool: routed.pool,
    routed,
    weight: effectiveWeightOf(state, routed.pool),
    credit: 0,
  }));
}
