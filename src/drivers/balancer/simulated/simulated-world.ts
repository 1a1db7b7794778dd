/**
 * A balancer in memory, with a clock and faults that the test or simulation moves by hand. It obeys
 * the rules of core/routing like the edge, and serves requests as its behaviours say.
 */
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import { bucketOf, mergeHistograms } from '../../../core/model/histogram.ts';
import type { PoolId, Scope } from '../../../core/model/ids.ts';
import type { Routing, RoutingObservation, TripRules } from '../../../core/model/routing.ts';
import type { TrafficSample } from '../../../core/model/traffic-sample.ts';
import { OperationalError, operationalError } from '../../../core/operational-error.ts';
import { observationOf } from '../../../core/routing/routing-observation.ts';
import {
  countFailure,
  decideApply,
  decideRenew,
  effectiveWeightOf,
  lapseWhenDue,
  type RoutingState,
} from '../../../core/routing/routing-state.ts';
import { chooseSlot, type Slot } from '../../../core/routing/smooth-choice.ts';
import { parseRequest } from '../../../platform/parse-request.ts';
import { routingSchema, tokenSchema } from '../../../platform/routing-schema.ts';

export type SimulatedAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly latencyUs: number }
  | { readonly kind: 'refused' }
  | { readonly kind: 'late' };

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
  behave(pool: PoolId, answer: (request: number) => SimulatedAnswer): void;
  /** Strikes the next verb that reaches the balancer, once. */
  strike(fault: SimulatedFault): void;
  /** Sends requests that are safe to repeat and says with which status each ended at its client. */
  send(scope: Scope, count: number): readonly number[];

  observe(scope: Scope): RoutingObservation | null;
  apply(routing: Routing, token: FencingToken): RoutingObservation;
  renew(scope: Scope, token: FencingToken): void;
  samples(scope: Scope, fromSecond: number): readonly TrafficSample[];
  /** Throws as a broken connection would; called before and after every verb by the driver. */
  fail(moment: 'before' | 'after', changes: boolean): void;
}

interface PoolSlot extends Slot {
  readonly pool: PoolId;
}

interface SimulatedScope {
  state: RoutingState | null;
  slots: readonly PoolSlot[];
  readonly samples: Map<string, TrafficSample>;
}

type Counts = Partial<
  Pick<
    TrafficSample,
    'requests' | 'serverErrors' | 'connectErrors' | 'timeouts' | 'rescued' | 'clientErrors'
  >
> & { readonly latencyUs?: number };

const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };
const SECONDS_KEPT = 15 * 60;

export function createSimulatedBalancerWorld(): SimulatedBalancerWorld {
  let nowMs = 0;
  let fault: SimulatedFault | null = null;
  const scopes = new Map<Scope, SimulatedScope>();
  const behaviours = new Map<PoolId, (request: number) => SimulatedAnswer>();
  const served = new Map<PoolId, number>();
  const nowNs = () => BigInt(Math.round(nowMs * 1e6));

  function scopeAt(scope: Scope): SimulatedScope {
    const known = scopes.get(scope) ?? { state: null, slots: [], samples: new Map() };
    scopes.set(scope, known);
    if (known.state !== null) follow(known, lapseWhenDue(known.state, nowNs()));
    return known;
  }

  function observed(scope: SimulatedScope): RoutingObservation | null {
    return scope.state && observationOf(scope.state, [], nowNs());
  }

  function ask(pool: PoolId): SimulatedAnswer {
    const request = (served.get(pool) ?? 0) + 1;
    served.set(pool, request);
    return behaviours.get(pool)?.(request) ?? FINE;
  }

  function sendOne(scope: SimulatedScope): number {
    const slot = chooseSlot(scope.slots);
    const state = scope.state;
    if (slot === null || state === null) return 503;
    const { stable } = state.routing;
    const status = serve(scope, slot.pool, state.token);
    if (status < 500) return status;
    if (stable === null || stable === slot.pool) {
      count(scope, slot.pool, state.token, { clientErrors: 1 });
      return status;
    }
    const second = serve(scope, stable, state.token);
    if (second < 500) count(scope, slot.pool, state.token, { rescued: 1 });
    else count(scope, stable, state.token, { clientErrors: 1 });
    return second;
  }

  function serve(scope: SimulatedScope, pool: PoolId, token: FencingToken): number {
    const answer = ask(pool);
    const rule = ruleOf(answer);
    count(scope, pool, token, {
      requests: 1,
      ...(rule !== null && { [rule]: 1 }),
      ...(answer.kind === 'answer' && { latencyUs: answer.latencyUs }),
    });
    if (rule !== null && scope.state !== null) {
      const failed = { pool, deployment: token.deployment, rule };
      follow(scope, countFailure(scope.state, failed, nowNs()));
    }
    return statusOf(answer);
  }

  function count(scope: SimulatedScope, pool: PoolId, token: FencingToken, counts: Counts): void {
    const second = Math.floor(nowMs / 1000);
    const key = JSON.stringify([second, pool, token.deployment, token.sequence]);
    const before = scope.samples.get(key) ?? emptySample(second, pool, token);
    scope.samples.set(key, added(before, counts));
  }

  return {
    nowMs: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
    behave: (pool, answer) => void behaviours.set(pool, answer),
    strike(next) {
      fault = next;
    },
    send: (name, times) => Array.from({ length: times }, () => sendOne(scopeAt(name))),
    observe: (name) => observed(scopeAt(name)),
    apply(wanted, wantedToken) {
      const routing = parseRequest(routingSchema, wanted);
      const token = parseRequest(tokenSchema, wantedToken);
      const scope = scopeAt(routing.scope);
      const decision = decideApply(scope.state, routing, token, nowNs());
      if (decision.kind === 'refused') throw new OperationalError(decision.failure);
      if (decision.kind === 'changed') follow(scope, decision.state);
      const observation = observed(scope);
      if (observation === null) throw operationalError('not-found', 'Nothing was applied.');
      return observation;
    },
    renew(name, token) {
      const scope = scopeAt(name);
      const decision = decideRenew(scope.state, name, token, nowNs());
      if (decision.kind === 'refused') throw new OperationalError(decision.failure);
      follow(scope, decision.state);
    },
    samples: (name, fromSecond) => {
      const from = Math.max(fromSecond, Math.floor(nowMs / 1000) - SECONDS_KEPT);
      return [...scopeAt(name).samples.values()].filter((sample) => sample.second >= from);
    },
    fail(moment, changes) {
      if (fault === null || (fault === 'request-lost') !== (moment === 'before')) return;
      const effect = fault === 'answer-lost' && changes ? 'unknown' : 'none';
      fault = null;
      throw operationalError('agent-unreachable', 'The simulated balancer did not answer.', {
        effect,
      });
    },
  };
}

/** Makes a state the one in force; the choice follows its effective weights. */
function follow(scope: SimulatedScope, state: RoutingState): void {
  if (scope.state === state) return;
  const isSameSplit =
    scope.state?.routing === state.routing && scope.state.fallback === state.fallback;
  scope.state = state;
  if (isSameSplit) return;
  scope.slots = state.routing.pools.map(({ pool }) => ({
    pool,
    weight: effectiveWeightOf(state, pool),
    credit: 0,
  }));
}

function ruleOf(answer: SimulatedAnswer): keyof TripRules | null {
  switch (answer.kind) {
    case 'answer':
      return answer.status >= 500 ? 'serverErrors' : null;
    case 'refused':
      return 'connectErrors';
    case 'late':
      return 'timeouts';
  }
}

function statusOf(answer: SimulatedAnswer): number {
  switch (answer.kind) {
    case 'answer':
      return answer.status;
    case 'refused':
      return 503;
    case 'late':
      return 504;
  }
}

function emptySample(second: number, pool: PoolId, token: FencingToken): TrafficSample {
  return {
    epoch: 'simulated',
    second,
    pool,
    token,
    requests: 0,
    serverErrors: 0,
    connectErrors: 0,
    timeouts: 0,
    resets: 0,
    rescued: 0,
    clientErrors: 0,
    idempotentClientErrors: 0,
    latency: [],
  };
}

function added(before: TrafficSample, counts: Counts): TrafficSample {
  const clientErrors = counts.clientErrors ?? 0;
  return {
    ...before,
    requests: before.requests + (counts.requests ?? 0),
    serverErrors: before.serverErrors + (counts.serverErrors ?? 0),
    connectErrors: before.connectErrors + (counts.connectErrors ?? 0),
    timeouts: before.timeouts + (counts.timeouts ?? 0),
    rescued: before.rescued + (counts.rescued ?? 0),
    clientErrors: before.clientErrors + clientErrors,
    idempotentClientErrors: before.idempotentClientErrors + clientErrors,
    latency:
      counts.latencyUs === undefined
        ? before.latency
        : mergeHistograms([before.latency, [[bucketOf(counts.latencyUs), 1]]]),
  };
}
