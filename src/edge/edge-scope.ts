/**
 * One service at the edge: its commands, what is on disk, and its traffic. Weight is only ever added
 * after the disk has it, and taken away before the disk is asked.
 */
import { compareTokens, type FencingToken } from '../core/model/fencing-token.ts';
import type { Scope } from '../core/model/ids.ts';
import type { Routing, RoutingObservation } from '../core/model/routing.ts';
import type { TrafficReport } from '../core/model/traffic-report.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { observationOf } from '../core/routing/routing-observation.ts';
import {
  decideApply,
  decideRenew,
  endedLeaseRefusalOf,
  refusalOf,
  type RoutingState,
} from '../core/routing/routing-state.ts';
import { invariant } from '../core/invariant.ts';
import type { Clock } from '../platform/clock.ts';
import { createClientServer } from './client-server.ts';
import type { Listeners } from './listeners.ts';
import type { ScopeFile } from './scope-file.ts';
import type { ScopeTraffic } from './scope-traffic.ts';

/** How long the answer to a reduction waits for a slow disk; it is in force before. */
const DISK_PATIENCE_MS = 200;
const PORT_PATIENCE_MS = 1_000;

export interface EdgeScope {
  readonly scope: Scope;
  observe(): RoutingObservation | null;
  apply(routing: Routing, token: FencingToken, over?: FencingToken): Promise<RoutingObservation>;
  renew(token: FencingToken): void;
  report(fromSecond: number): TrafficReport;
  tick(nowNs: bigint): void;
  /** Takes up what was in force before a restart, without its address. */
  restore(state: RoutingState): void;
  /** Opens the address of what is in force; rejects with `port-unavailable`. */
  listen(patienceMs: number): Promise<void>;
  close(): Promise<void>;
}

interface PendingApply {
  readonly routing: Routing;
  readonly token: FencingToken;
  readonly done: Promise<void>;
}

interface ScopeParts {
  readonly clock: Clock;
  readonly traffic: ScopeTraffic;
  readonly file: ScopeFile;
  readonly listeners: Listeners;
}

interface ScopeContext extends ScopeParts {
  readonly scope: Scope;
  /** The newest routing that waits for its socket or the disk. */
  pending: PendingApply | null;
  /** What belongs on disk now. */
  readonly currentState: () => RoutingState | null;
}

export function createEdgeScope(scope: Scope, parts: ScopeParts): EdgeScope {
  const { clock, traffic, file } = parts;
  const currentState = () => traffic.state;
  const context: ScopeContext = { ...parts, scope, pending: null, currentState };
  return {
    scope,
    observe: () => observe(context),
    apply: (routing, token, over) => apply(context, routing, token, over),
    renew(token) {
      const nowNs = clock.monotonicNs();
      traffic.lapse(nowNs);
      const decision = decideRenew(traffic.state, scope, token, nowNs);
      if (decision.kind === 'refused') throw new OperationalError(decision.failure);
      traffic.renew(decision.state);
      // Without it a restarted worker would end the lease early, which is safe: nobody waits for it.
      file.writeEventually(currentState);
    },
    report: (fromSecond) => traffic.report(fromSecond),
    tick: (nowNs) => traffic.tick(nowNs),
    restore(state) {
      traffic.enter(state);
      traffic.lapse(clock.monotonicNs());
    },
    async listen(patienceMs) {
      const { state } = traffic;
      if (state !== null) await openListener(context, state.routing, patienceMs);
    },
    async close() {
      await file.close();
      traffic.close();
    },
  };
}

function observe({ clock, traffic, listeners, scope }: ScopeContext): RoutingObservation | null {
  const nowNs = clock.monotonicNs();
  traffic.lapse(nowNs);
  const { state } = traffic;
  if (state === null) return null;
  const isOpen = listeners.isOpen(scope, state.routing.listen);
  return {
    ...observationOf(state, traffic.loads(nowNs), nowNs),
    ...(!isOpen && { isUnserved: true }),
  };
}

function observed(context: ScopeContext): RoutingObservation {
  const observation = observe(context);
  invariant(observation, 'a scope has a routing once one was applied');
  return observation;
}

async function apply(
  context: ScopeContext,
  routing: Routing,
  token: FencingToken,
  over?: FencingToken,
): Promise<RoutingObservation> {
  const { clock, traffic, pending } = context;
  if (pending !== null) {
    const refusal = refusalOf(pending, routing, token);
    if (refusal !== null) throw new OperationalError(refusal);
    if (compareTokens(token, pending.token) === 0) {
      await pending.done;
      return observed(context);
    }
  }
  const nowNs = clock.monotonicNs();
  traffic.lapse(nowNs);
  const decision = decideApply(traffic.state, routing, token, nowNs, over);
  switch (decision.kind) {
    case 'refused':
      throw new OperationalError(decision.failure);
    case 'unchanged':
      return observed(context);
    case 'changed':
      if (decision.onlyReduces && listensAt(traffic.state, routing)) {
        await reduce(context, decision.state);
      } else {
        await enterAsPending(context, decision.state);
      }
      return observed(context);
  }
}

/** In force first, then on disk; neither a full nor a slow disk holds it up. */
async function reduce(context: ScopeContext, state: RoutingState): Promise<void> {
  const { clock, traffic, file, currentState } = context;
  traffic.enter(state);
  const patience = new AbortController();
  const write = file
    .write(
      () => currentState() ?? state,
      () => undefined,
    )
    .catch(() => file.writeEventually(currentState));
  await Promise.race([
    write,
    clock.sleep(DISK_PATIENCE_MS, patience.signal).catch(() => undefined),
  ]);
  patience.abort();
}

async function enterAsPending(context: ScopeContext, state: RoutingState): Promise<void> {
  const claim: PendingApply = {
    routing: state.routing,
    token: state.token,
    done: enter(context, state),
  };
  context.pending = claim;
  try {
    await claim.done;
  } finally {
    if (context.pending === claim) context.pending = null;
  }
}

/** On disk first, then in force. */
async function enter(context: ScopeContext, state: RoutingState): Promise<void> {
  const { clock, traffic, file, listeners, scope, currentState } = context;
  await openListener(context, state.routing, PORT_PATIENCE_MS);
  const next = () => {
    refuseWhenOvertaken(context, state);
    return inForceFrom(state, clock.monotonicNs());
  };
  try {
    await file.write(next, (written) => {
      refuseWhenOvertaken(context, written);
      traffic.enter(written);
      listeners.closeOthers(scope, state.routing.listen);
    });
  } catch (error) {
    // Overtaken by a reduction while the disk worked: what is in force must be on it again.
    file.writeEventually(currentState);
    listeners.closeOthers(scope, currentState()?.routing.listen ?? null);
    if (error instanceof OperationalError) throw error;
    throw operationalError('state-directory-unusable', 'The routing cannot be written to disk.', {
      cause: error,
    });
  }
}

function openListener(context: ScopeContext, routing: Routing, patienceMs: number): Promise<void> {
  const create = () => createClientServer(context.traffic);
  return context.listeners.open(context.scope, routing.listen, { create, patienceMs });
}

function refuseWhenOvertaken({ traffic, scope }: ScopeContext, state: RoutingState): void {
  if (traffic.state === null) return;
  const ended = endedLeaseRefusalOf(traffic.state, state.routing, state.token);
  if (ended !== null) throw new OperationalError(ended);
  if (compareTokens(traffic.state.token, state.token) <= 0) return;
  throw operationalError('token-fenced', `A newer routing of ${scope} came into force meanwhile.`);
}

/** The lease and the time in force begin when it is written, not when it had to wait for that. */
function inForceFrom(state: RoutingState, nowNs: bigint): RoutingState {
  const waitedNs = nowNs - state.inForceSinceNs;
  return {
    ...state,
    inForceSinceNs: nowNs,
    leaseDeadlineNs: state.leaseDeadlineNs === null ? null : state.leaseDeadlineNs + waitedNs,
  };
}

function listensAt(state: RoutingState | null, routing: Routing): boolean {
  const listen = state?.routing.listen;
  return listen?.host === routing.listen.host && listen.port === routing.listen.port;
}
