/**
 * A balancer in memory, with a clock and faults that the test or simulation moves by hand. It obeys
 * the rules of core/routing like the edge, and serves requests as its behaviours say.
 */
import { secondOf } from '../../../core/model/second-of.ts';
import { invariant } from '../../../core/invariant.ts';
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import type { PoolId, Scope } from '../../../core/model/ids.ts';
import type { Routing, RoutingObservation } from '../../../core/model/routing.ts';
import type { TrafficReport } from '../../../core/model/traffic-report.ts';
import { OperationalError, operationalError } from '../../../core/operational-error.ts';
import { observationOf } from '../../../core/routing/routing-observation.ts';
import {
  decideApply,
  decideRenew,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';
import { quickDraws } from '../../../core/traffic-model/quick-draws.ts';
import { parseRequest } from '../../../platform/parse-request.ts';
import { routingSchema, tokenSchema } from '../../../platform/routing-schema.ts';
import {
  sendOne,
  timeOut,
  type Sending,
  type SimulatedBehaviour,
  type SimulatedOutcome,
  type SimulatedPools,
  type SimulatedRequest,
} from './simulated-requests.ts';
import {
  createSimulatedScope,
  follow,
  letTimePass,
  type SimulatedScope,
} from './simulated-scope.ts';
import { loadWith, takeOverdue } from './simulated-waiting.ts';

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

const SECONDS_KEPT = 15 * 60;

interface WorldState extends SimulatedPools {
  readonly trusts: boolean;
  readonly uniform: () => number;
  nowMs: number;
  fault: SimulatedFault | null;
  reloads: number;
  readonly scopes: Map<Scope, SimulatedScope>;
}

/**
 * With `trusts`, for a caller whose commands are well formed: what is not is followed unchecked. Who gets
 * which request is drawn from `seed`.
 */
export function createSimulatedBalancerWorld({
  trusts = false,
  seed = 1,
} = {}): SimulatedBalancerWorld {
  const draws = quickDraws(seed);
  const world: WorldState = {
    trusts,
    uniform: () => draws.uniform(),
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
      const sending = sendingTo(world, name);
      const statuses: number[] = [];
      for (let sent = 0; sent < times; sent += 1) statuses.push(sendOne(sending, {}).status);
      return statuses;
    },
    ask: (name, request) => sendOne(sendingTo(world, name), request),
    observe: (name) => observed(world, scopeAt(world, name)),
    inForce: (name) => scopeAt(world, name).state,
    apply: (routing, token, over) => apply(world, routing, [token, over]),
    renew(name, token) {
      const scope = scopeAt(world, name);
      const decision = decideRenew(scope.state, name, token, nowNs(world));
      if (decision.kind === 'refused') throw new OperationalError(decision.failure);
      follow(scope, decision.state, nowNs(world));
    },
    report(name, fromSecond) {
      const sinceSecond = Math.max(0, secondOf(nowNs(world)) - SECONDS_KEPT);
      const { state, mirror, samples: counted } = scopeAt(world, name);
      const samples = counted.list(Math.max(fromSecond, sinceSecond));
      if (mirror === null || state === null) return { sinceSecond, samples };
      const found = { epoch: 'simulated', token: state.token, ...mirror.findings() };
      return { sinceSecond, samples, mirror: found };
    },
    reload(name) {
      const scope = scopeAt(world, name);
      world.reloads += 1;
      const inForceSinceNs = nowNs(world);
      if (scope.oldest) follow(scope, { ...scope.oldest, inForceSinceNs }, inForceSinceNs);
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

/** As it is at this time: what was due before it has happened. */
function scopeAt(world: WorldState, name: Scope): SimulatedScope {
  const known = world.scopes.get(name);
  if (known === undefined) {
    const scope = createSimulatedScope(world.uniform);
    world.scopes.set(name, scope);
    return scope;
  }
  // Nothing but a lease or a wait ends by time.
  if ((known.state?.leaseDeadlineNs ?? null) === null && known.waiting.length === 0) return known;
  const now = nowNs(world);
  for (const late of takeOverdue(known.waiting, now)) {
    letTimePass(known, late.dueNs);
    timeOut({ scope: known }, late);
  }
  letTimePass(known, now);
  return known;
}

function sendingTo(world: WorldState, name: Scope): Sending {
  return { pools: world, scope: scopeAt(world, name), nowNs: nowNs(world) };
}

function observed(world: WorldState, scope: SimulatedScope): RoutingObservation | null {
  const { state, instances, waiting } = scope;
  if (state === null) return null;
  const now = nowNs(world);
  const loads = state.routing.pools.map((pool) =>
    loadWith(waiting, instances.load(pool, state.token), now),
  );
  return observationOf(state, loads, now);
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
  if (decision.kind === 'changed') follow(scope, decision.state, nowNs(world));
  const observation = observed(world, scope);
  invariant(observation, 'a scope has a routing once one was applied');
  return observation;
}
