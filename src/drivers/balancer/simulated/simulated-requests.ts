/** What becomes of single requests at the simulated balancer: who is asked, and what is counted. */
import { invariant } from '../../../core/invariant.ts';
import type { InstanceId, PoolId } from '../../../core/model/ids.ts';
import { secondOf } from '../../../core/model/second-of.ts';
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import type { RoutedPool, TripCounts } from '../../../core/model/routing.ts';
import { countAdmission, isAdmitted } from '../../../core/routing/admission.ts';
import { countFailure, type RoutingState } from '../../../core/routing/routing-state.ts';
import { slotAtPoint } from '../../../core/routing/slot-at-point.ts';
import { stickyPointOf } from '../../../core/routing/sticky-point.ts';
import { ruleOf, statusOf, waitOf, type SimulatedAnswer } from './simulated-answer.ts';
import type { SampleCounts } from './simulated-samples.ts';
import { follow, type PoolSlot, type SimulatedScope } from './simulated-scope.ts';
import type { WaitingRequest } from './simulated-waiting.ts';

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

/** The pools as they are asked, whichever service they are of. */
export interface SimulatedPools {
  readonly behaviours: Map<PoolId, SimulatedBehaviour>;
  /** Requests that each pool has been asked. */
  readonly asked: Map<PoolId, number>;
}

/** The pools that are asked, for one service, at one time. */
export interface Sending {
  readonly pools: SimulatedPools;
  readonly scope: SimulatedScope;
  readonly nowNs: bigint;
}

/** Nothing was asked, and nothing is counted. */
const ALL_EJECTED: SimulatedAnswer = { kind: 'refused' };
const FINE: SimulatedAnswer = { kind: 'answer', status: 200, latencyUs: 1_000 };

/** The client's answer is told at once, also where it comes when the request has waited for long. */
export function sendOne(sending: Sending, request: SimulatedRequest): SimulatedOutcome {
  const { scope } = sending;
  const { state } = scope;
  const chosen = state && chosenSlot(scope, state, request);
  if (chosen === null || state === null) return { status: 503, pool: null };
  const { stable } = state.routing;
  const slot = request.isUnsafe ? slotForUnsafe(sending, state, chosen) : chosen;
  const count = (pool: PoolId, counts: SampleCounts) =>
    scope.samples.count(secondOf(sending.nowNs), pool, state.token, counts);
  const answer = serve(sending, slot.routed, request, { isSample: true });
  if (slot.pool === stable && answer.kind === 'answer') mirror(sending, request, answer);
  const status = statusOf(answer);
  if (status < 500) return { status, pool: slot.pool };
  // What waits is counted when its time is over.
  const isKnown = answer.kind !== 'hangs';
  if (stable === null || stable === slot.pool || request.isUnsafe) {
    if (isKnown) count(slot.pool, { clientErrors: 1 });
    return { status, pool: slot.pool };
  }
  const other = state.routing.pools.find(({ pool }) => pool === stable);
  invariant(other, 'the stable pool is one of the routed pools');
  const second = statusOf(serve(sending, other, request, { isSample: false }));
  if (second >= 500) count(stable, { clientErrors: 1 });
  else if (isKnown) count(slot.pool, { rescued: 1 });
  return { status: second, pool: stable };
}

/** One that was never answered fails, and its client is answered by the stable pool, or not at all. */
export function timeOut({ scope }: Pick<Sending, 'scope'>, late: WaitingRequest): void {
  const { pool, token, isUnsafe, isSample, dueNs } = late;
  const isRescued = !isUnsafe && pool.pool !== scope.state?.routing.stable;
  if (isSample) {
    scope.samples.count(secondOf(dueNs), pool.pool, token, {
      ...{ requests: 1, timeouts: 1 },
      ...(isRescued ? { rescued: 1 } : { clientErrors: 1 }),
    });
  }
  noteOutcome(scope, late, 'timeouts', dueNs);
}

function chosenSlot(
  { slots, uniform }: SimulatedScope,
  { routing, token }: RoutingState,
  { key }: SimulatedRequest,
): PoolSlot | null {
  const isSticky = key !== undefined && routing.lease?.assignment !== undefined;
  const stable = slots.find(({ pool }) => pool === routing.stable) ?? null;
  const point = isSticky ? stickyPointOf(key, token.deployment) : 100 * uniform();
  return slotAtPoint(slots, stable, point);
}

/** The stable pool stands in for a candidate that has yet to earn such requests. */
function slotForUnsafe({ scope, nowNs }: Sending, state: RoutingState, chosen: PoolSlot): PoolSlot {
  const isAllowed = isAdmitted(state, chosen.pool);
  const { deployment } = state.token;
  const what = isAllowed ? 'unsafeSent' : 'withheld';
  follow(scope, countAdmission(state, { pool: chosen.pool, deployment, what, nowNs }), nowNs);
  if (isAllowed) return chosen;
  return scope.slots.find(({ pool }) => pool === state.routing.stable) ?? chosen;
}

function mirror(
  { pools, scope: { mirror: of, state } }: Sending,
  request: SimulatedRequest,
  answer: SimulatedAnswer,
): void {
  const { stable, lease } = state?.routing ?? {};
  if (of === null || !stable || !lease || request.isUnsafe) return;
  of.answered(answer, {
    stable: () => ask(pools, stable, null, request),
    candidate: () => ask(pools, lease.candidate, null, request),
  });
}

/** What a pool makes of one more request, whoever sends it. */
function ask(
  { asked, behaviours }: SimulatedPools,
  pool: PoolId,
  instance: InstanceId | null,
  { isUnsafe = false }: SimulatedRequest,
): SimulatedAnswer {
  const request = (asked.get(pool) ?? 0) + 1;
  asked.set(pool, request);
  return behaviours.get(pool)?.(request, instance, isUnsafe) ?? FINE;
}

/** Only what was asked first is a sample: whether there is more depends on its outcome. */
function serve(
  { pools, scope, nowNs }: Sending,
  routedPool: RoutedPool,
  request: SimulatedRequest,
  { isSample }: Pick<WaitingRequest, 'isSample'>,
): SimulatedAnswer {
  const { pool } = routedPool;
  const { state, samples } = scope;
  invariant(state, 'what is served is routed');
  const { token } = state;
  const count = (counts: SampleCounts): void => {
    if (isSample) samples.count(secondOf(nowNs), pool, token, counts);
  };
  const instance = scope.instances.next(routedPool, nowNs);
  if (instance === null) return ALL_EJECTED;
  const answer = ask(pools, pool, instance, request);
  if (isSample) {
    const ends = { waitsNs: waitOf(answer), isLeft: answer.kind === 'abandoned' };
    scope.hangs?.sent({ ...request, pool, ...ends }, state, nowNs);
  }
  const served = { pool: routedPool, instance, token, isUnsafe: request.isUnsafe ?? false };
  if (answer.kind === 'hangs') {
    const dueNs = nowNs + BigInt(state.routing.requestTimeoutMs) * 1_000_000n;
    scope.waiting.push({ ...served, isSample, sinceNs: nowNs, dueNs });
    return answer;
  }
  if (answer.kind === 'abandoned') {
    count({ abandonedAfterUs: answer.waitedUs });
    return answer;
  }
  const rule = ruleOf(answer);
  count({
    requests: 1,
    ...(rule !== null && { [rule]: 1 }),
    ...(answer.kind === 'answer' && { latencyUs: answer.latencyUs }),
  });
  if (answer.kind === 'answer') scope.instances.answered(instance, token);
  noteOutcome(scope, served, rule, nowNs);
  return answer;
}

interface Served {
  readonly pool: RoutedPool;
  readonly instance: InstanceId;
  readonly token: FencingToken;
  readonly isUnsafe: boolean;
  /** Since when it has waited, where that is earlier than now. */
  readonly sinceNs?: bigint;
}

/** What an outcome says of the instance, and of the deployment under which it was asked. */
function noteOutcome(
  scope: SimulatedScope,
  { pool: routed, instance, token, isUnsafe, sinceNs }: Served,
  rule: keyof TripCounts | null,
  nowNs: bigint,
): void {
  const { pool } = routed;
  const { deployment } = token;
  const stable = scope.state?.routing.stable ?? null;
  const at = { mayEmpty: stable !== null && stable !== pool, nowNs };
  scope.instances.outcome({ pool: routed, instance }, rule === null, at);
  if (scope.state === null || (rule === null && isUnsafe)) return;
  const next =
    rule === null
      ? countAdmission(scope.state, { pool, deployment, what: 'cleanAnswers', nowNs })
      : countFailure(
          scope.state,
          { pool, deployment, rule, ...(sinceNs !== undefined && { sinceNs }) },
          nowNs,
        );
  follow(scope, next, nowNs);
}
