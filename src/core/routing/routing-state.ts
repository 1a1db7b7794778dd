/**
 * What a balancer holds for one service and how commands, time and failures change it: fencing,
 * leases and trips. Pure, so that the edge and the simulated balancer obey the same rules.
 */
import { failureOf, type Failure } from '../failures.ts';
import { invariant } from '../invariant.ts';
import { admissionAfterFailure, UNPROVEN, type Admission } from './admission.ts';
import { compareTokens, type FencingToken } from '../model/fencing-token.ts';
import type { PoolId } from '../model/ids.ts';
import type {
  Fallback,
  FirstFailures,
  HangFallback,
  Routing,
  TripCounts,
} from '../model/routing.ts';

export interface RoutingState {
  readonly routing: Routing;
  readonly token: FencingToken;
  readonly inForceSinceNs: bigint;
  /** When the candidate's weight ends unless renewed; null without a lease. */
  readonly leaseDeadlineNs: bigint | null;
  readonly fallback: Fallback | null;
  /** Failures of the candidate under this deployment's tokens, over all its splits. */
  readonly tripCounts: TripCounts;
  readonly firstFailures: FirstFailures;
  /** Counted in the same way. */
  readonly admission: Admission;
}

const NOTHING_COUNTED: TripCounts = { connectErrors: 0, serverErrors: 0, timeouts: 0 };

export type ApplyDecision =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'changed';
      readonly state: RoutingState;
      /** No pool but the stable one gains weight: safe to put in force before anything else. */
      readonly onlyReduces: boolean;
    }
  | { readonly kind: 'refused'; readonly failure: Failure };

/** What an apply does to the state that is in force. Both routings must have the same key order. */
export function decideApply(
  current: RoutingState | null,
  routing: Routing,
  token: FencingToken,
  nowNs: bigint,
  over?: FencingToken,
): ApplyDecision {
  const overtaken = over ? overtakenRefusalOf(current, routing.scope, [over, token]) : null;
  if (overtaken !== null) return { kind: 'refused', failure: overtaken };
  if (current === null) {
    return { kind: 'changed', state: entered(null, routing, token, nowNs), onlyReduces: false };
  }
  const refusal = refusalOf(current, routing, token);
  if (refusal !== null) return { kind: 'refused', failure: refusal };
  if (compareTokens(token, current.token) === 0) return { kind: 'unchanged' };
  const ended = endedLeaseRefusalOf(current, routing, token);
  if (ended !== null) return { kind: 'refused', failure: ended };
  return {
    kind: 'changed',
    state: entered(current, routing, token, nowNs),
    onlyReduces: onlyReduces(current, routing),
  };
}

/**
 * Revert tokens are above all forward ones, so that a revert always wins; also that of a process which
 * was frozen while another went on. Null when one of the expected tokens is in force.
 */
function overtakenRefusalOf(
  current: RoutingState | null,
  scope: string,
  expected: readonly FencingToken[],
): Failure | null {
  if (current && expected.some((token) => compareTokens(token, current.token) === 0)) return null;
  const inForce = current === null ? 'nothing' : textOf(current.token);
  return failureOf(
    'token-fenced',
    `${scope} follows ${inForce}, no longer ${expected.map(textOf).join(' or ')}.`,
  );
}

/** Why a routing with this token may not follow `newest`, or null. */
export function refusalOf(
  newest: Pick<RoutingState, 'routing' | 'token'>,
  routing: Routing,
  token: FencingToken,
): Failure | null {
  const order = compareTokens(token, newest.token);
  if (order < 0) return fenced(routing.scope, token, newest.token);
  if (order === 0 && JSON.stringify(routing) !== JSON.stringify(newest.routing)) {
    return failureOf(
      'token-conflict',
      `Token ${textOf(token)} of ${routing.scope} is in force with another routing.`,
    );
  }
  return null;
}

/**
 * Once the data plane has taken a candidate's traffic away, the deployment cannot give it back:
 * whoever did not see the trip must not undo it with the next step. Null when nothing is undone.
 */
export function endedLeaseRefusalOf(
  current: RoutingState,
  routing: Routing,
  token: FencingToken,
): Failure | null {
  const candidate = current.routing.lease?.candidate;
  if (current.fallback === null || token.deployment !== current.token.deployment) return null;
  // Copies, too: what follows a mirror is leased by it, and would bring the traffic back.
  const gains =
    routing.lease?.mirror !== undefined ||
    routing.pools.some(({ pool, weight }) => pool === candidate && weight > 0);
  if (!gains) return null;
  return lost(`The lease of ${routing.scope} has ended: ${current.fallback.cause}.`);
}

/** The state with its lease at full time again, or why it cannot be renewed. Lapse it first. */
export function decideRenew(
  state: RoutingState | null,
  scope: string,
  token: FencingToken,
  nowNs: bigint,
):
  | { readonly kind: 'renewed'; readonly state: RoutingState }
  | { kind: 'refused'; failure: Failure } {
  const refused = (failure: Failure) => ({ kind: 'refused', failure }) as const;
  if (state === null || compareTokens(token, state.token) > 0) {
    return refused(lost(`Token ${textOf(token)} of ${scope} is not in force.`));
  }
  if (compareTokens(token, state.token) < 0) return refused(fenced(scope, token, state.token));
  if (state.routing.lease === null) return refused(lost(`The routing of ${scope} has no lease.`));
  if (state.fallback !== null) {
    return refused(lost(`The lease of ${scope} has ended: ${state.fallback.cause}.`));
  }
  return {
    kind: 'renewed',
    state: { ...state, leaseDeadlineNs: deadlineOf(state.routing, nowNs) },
  };
}

/** Ends the lease when its time is over; returns the same object when nothing changes. */
export function lapseWhenDue(state: RoutingState, nowNs: bigint): RoutingState {
  if (!isLeaseAlive(state) || state.leaseDeadlineNs === null || nowNs < state.leaseDeadlineNs) {
    return state;
  }
  const at = String(nowNs);
  return { ...state, fallback: { cause: 'lease-lapsed', decidedAtNs: at, zeroAtNs: at } };
}

interface FailedRequest {
  readonly pool: PoolId;
  readonly deployment: number;
  readonly rule: keyof TripCounts;
  /** Since when it was on the way to fail, where that is earlier than now. */
  readonly sinceNs?: bigint;
}

/** Counts a failure of a pool; reaching a limit trips. Same object when it does not matter. */
export function countFailure(
  state: RoutingState,
  failed: FailedRequest,
  nowNs: bigint,
): RoutingState {
  const { lease } = state.routing;
  if (lease?.candidate !== failed.pool || state.token.deployment !== failed.deployment)
    return state;
  const observed = state.tripCounts[failed.rule] + 1;
  const counted = {
    ...state,
    tripCounts: { ...state.tripCounts, [failed.rule]: observed },
    admission: admissionAfterFailure(state),
    firstFailures: {
      [failed.rule]: String(failed.sinceNs ?? nowNs),
      ...state.firstFailures,
    },
  };
  const limit = lease.trip[failed.rule];
  if (observed < limit || !isLeaseAlive(state)) return counted;
  const at = String(nowNs);
  return {
    ...counted,
    fallback: {
      cause: 'tripped',
      rule: failed.rule,
      observed,
      limit,
      decidedAtNs: at,
      zeroAtNs: at,
    },
  };
}

/** The candidate was found to leave requests unanswered, the first of them since `sinceNs`. */
export function tripOnHang(
  state: RoutingState,
  hang: Pick<HangFallback, 'observed' | 'limit' | 'sent' | 'afterMs'> & {
    readonly sinceNs: bigint;
  },
  nowNs: bigint,
): RoutingState {
  if (!isLeaseAlive(state)) return state;
  const { sinceNs, ...found } = hang;
  const at = String(nowNs);
  return {
    ...state,
    firstFailures: { hangs: String(sinceNs), ...state.firstFailures },
    fallback: { cause: 'tripped', rule: 'hangs', ...found, decidedAtNs: at, zeroAtNs: at },
  };
}

/** A lease without a stable pool has no effect: there is nothing to fall back to. */
export function isLeaseAlive(state: RoutingState): boolean {
  return state.routing.lease !== null && state.routing.stable !== null && state.fallback === null;
}

/** Share of new requests in percent, after lease and trips; 0 for a pool that is not named. */
export function effectiveWeightOf(state: RoutingState, pool: PoolId): number {
  if (state.fallback !== null) return pool === state.routing.stable ? 100 : 0;
  return state.routing.pools.find((routed) => routed.pool === pool)?.weight ?? 0;
}

function entered(
  current: RoutingState | null,
  routing: Routing,
  token: FencingToken,
  nowNs: bigint,
): RoutingState {
  const continues =
    current?.token.deployment === token.deployment &&
    (current.routing.lease === null ||
      routing.lease === null ||
      current.routing.lease.candidate === routing.lease.candidate);
  return {
    routing,
    token,
    inForceSinceNs: nowNs,
    leaseDeadlineNs: deadlineOf(routing, nowNs),
    fallback: null,
    tripCounts: continues ? current.tripCounts : NOTHING_COUNTED,
    firstFailures: continues ? current.firstFailures : {},
    admission: continues ? current.admission : UNPROVEN,
  };
}

function onlyReduces(current: RoutingState, next: Routing): boolean {
  if (next.stable === null || next.stable !== current.routing.stable) return false;
  // Copies are requests, too: they begin only when the disk knows of them.
  if (next.lease?.mirror) return false;
  return next.pools.every(
    (routed) =>
      routed.pool === next.stable || routed.weight <= effectiveWeightOf(current, routed.pool),
  );
}

function deadlineOf(routing: Routing, nowNs: bigint): bigint | null {
  if (routing.lease === null) return null;
  invariant(Number.isSafeInteger(routing.lease.ttlMs), 'a lease lasts whole milliseconds');
  return nowNs + BigInt(routing.lease.ttlMs) * 1_000_000n;
}

function fenced(scope: string, token: FencingToken, newest: FencingToken): Failure {
  return failureOf(
    'token-fenced',
    `Token ${textOf(token)} of ${scope} is older than ${textOf(newest)}, which is in force.`,
  );
}

function lost(message: string): Failure {
  return failureOf('lease-lost', message);
}

function textOf(token: FencingToken): string {
  return `${token.deployment}.${token.sequence}`;
}
