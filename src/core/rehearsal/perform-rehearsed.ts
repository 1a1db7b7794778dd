/**
 * Carries a command out in the rehearsed world: what the engine's actions do, with nothing behind it
 * but time. What it answers, `decide` takes for an event of a real deployment.
 */
import type { Command, DeploymentEvent, Evidence, Origin } from '../deployment/deployment-state.ts';
import { failureOf, type Failure } from '../failures.ts';
import { InvariantError } from '../invariant.ts';
import { compareTokens } from '../model/fencing-token.ts';
import type { PlannedPool, PlannedSplit, ProbingPolicy } from '../plan/plan.ts';
import { fallbackFailure } from '../routing/fallback-failure.ts';
import { assumedTimes } from './assumed-times.ts';
import { flow } from './flow.ts';
import type { MishapKind } from './mishap.ts';
import { rehearseJudgement } from './rehearse-judgement.ts';
import { rehearseMirror } from './rehearse-mirror.ts';
import { candidateWeight, lasting, nsOf, takeMishap, type World } from './world.ts';
import { writeSplit } from './write-split.ts';

/** What the approvals of a rehearsal are held against. */
export const REHEARSED: Origin = { planDigest: 'rehearsed', actor: 'rehearsed' };

export function performRehearsed(world: World, command: Command): readonly DeploymentEvent[] {
  world.isRenewing = command.leases.length > 0;
  untilDriving(world);
  if (command.delayMs > 0) flow(world, world.nowMs + command.delayMs);
  flow(world, world.nowMs + assumedTimes.callMs);
  untilDriving(world);
  const event = command.purpose === 'observe' ? observe(world, command) : act(world, command);
  // What was found out is recorded before anything follows.
  untilDriving(world);
  if (!takeMishap(world, 'aborted')) return [event, ...approvals(command)];
  const request = {
    kind: 'AbortRequested',
    actor: 'somebody',
    reason: 'rehearsed',
    decidedAtNs: String(nsOf(world.nowMs)),
    zeroAtNs: event.kind === 'CommandFailed' ? event.zeroAtNs : null,
  } as const;
  const isCutShort = event.kind === 'CommandFailed' && event.failure.code === 'gate-inconclusive';
  return isCutShort && command.endedBy.includes('abort') ? [request] : [event, request];
}

const NOBODY_KEPT_WAITING: Evidence = { summary: 'Approved at once.' };

/** People are not rehearsed: whoever must approve is there and does. */
function approvals({ action }: Command): readonly DeploymentEvent[] {
  if (action.kind !== 'await-approval') return [];
  return Array.from({ length: action.approvers }, (_, index) => ({
    kind: 'OperatorAsked',
    request: {
      ...{ id: index + 1, kind: 'approve', actor: `approver ${index + 1}`, reason: 'rehearsed' },
      planDigest: REHEARSED.planDigest,
    },
  }));
}

/** Nothing is recorded, and so nothing done, while the server or its database is away. */
function untilDriving(world: World): void {
  for (;;) {
    const away = lasting(world, 'server-killed') ?? lasting(world, 'database-away');
    if (!away) return;
    flow(world, away.untilMs);
  }
}

function act(world: World, command: Command): DeploymentEvent {
  const { action } = command;
  switch (action.kind) {
    // Whether a release passes its checks, or a backup can be restored, is no chance that a rehearsal could draw.
    case 'validate-release':
    case 'secure-backup':
    case 'rehearse-migrations':
    case 'apply-migrations':
    case 'check-data':
    case 'note-schema':
    case 'check-schema':
      return done('As expected.');
    case 'check-pools':
    case 'verify-state':
      return untilBack(world, command, 'target-away') ?? done('As expected.');
    case 'ensure-pool':
      return changing(world, 'target-away', () => ensure(world, action.pool));
    case 'probe-pool':
      return untilBack(world, command, 'target-away') ?? probe(world, action.pool, action.policy);
    case 'probe-service':
      return untilBack(world, command, 'balancer-away') ?? probe(world, action.pool, action.policy);
    case 'drill-revert':
      return (
        untilBack(world, command, 'target-away') ??
        changing(world, 'balancer-away', () => apply(world, command, action.split))
      );
    case 'apply-split':
      return changing(world, 'balancer-away', () => apply(world, command, action.split));
    case 'judge-traffic':
      return rehearseJudgement(world, command, { action, untilMs: endOf(world, command) });
    case 'await-approval':
      flow(world, world.nowMs + assumedTimes.callMs);
      return { kind: 'CommandStopped', evidence: NOBODY_KEPT_WAITING, spentMs: 0 };
    case 'hold-traffic':
      throw new InvariantError('nobody asks for a pause in a rehearsal');
    case 'judge-mirror':
      return rehearseMirror(world, command, { action, untilMs: endOf(world, command) });
    case 'drain-pool':
      return untilBack(world, command, 'balancer-away') ?? drain(world, command, action.waitMs);
    case 'stop-pool':
      return changing(world, 'target-away', () => stop(world, action.pool));
  }
}

/** When a wait ends: at its deadline, or when somebody asks for the end. */
function endOf(world: World, { deadlineMs, endedBy }: Command): number {
  const deadline = world.nowMs + deadlineMs;
  if (!endedBy.includes('abort')) return deadline;
  const asked = world.mishaps.find(({ kind, atMs }) => kind === 'aborted' && atMs >= world.nowMs);
  return Math.min(deadline, asked?.atMs ?? Infinity);
}

function done(summary: string, more: Partial<Evidence> = {}): DeploymentEvent {
  return { kind: 'CommandSucceeded', evidence: { summary, ...more } };
}

function failed(world: World, failure: Failure): DeploymentEvent {
  const fallback = world.routing?.fallback;
  return {
    kind: 'CommandFailed',
    failure,
    judgement: null,
    decidedAtNs: fallback?.decidedAtNs ?? String(nsOf(world.nowMs)),
    zeroAtNs: fallback?.zeroAtNs ?? null,
  };
}

function away(world: World, effect: 'none' | 'unknown'): DeploymentEvent {
  return failed(world, failureOf('agent-unreachable', 'The agent does not answer.', { effect }));
}

/** Only looks: asks again until there is an answer, or its time is over. */
function untilBack(world: World, command: Command, kind: MishapKind): DeploymentEvent | null {
  const gone = lasting(world, kind);
  if (!gone) return null;
  const endMs = endOf(world, command);
  flow(world, Math.min(gone.untilMs, endMs));
  if (world.nowMs < endMs) return null;
  return failed(world, failureOf('deadline-passed', 'The agent has not answered.'));
}

/** Is sent once; whether it arrived may stay unknown. */
function changing(world: World, kind: MishapKind, change: () => DeploymentEvent): DeploymentEvent {
  if (lasting(world, kind)) return away(world, 'none');
  const event = change();
  return takeMishap(world, 'answer-lost') ? away(world, 'unknown') : event;
}

function ensure(world: World, pool: PlannedPool): DeploymentEvent {
  const { candidate } = world;
  if (pool.pool !== world.planned.candidate.pool) return done('Running.');
  const isStarting = !candidate.isRunning || candidate.exited > 0;
  // One that ends by itself is started again from now on.
  candidate.isRunning = true;
  if (pool.restart === 'always') candidate.exited = 0;
  if (isStarting) flow(world, world.nowMs + assumedTimes.startMs);
  return done('Running.');
}

function probe(world: World, pool: PlannedPool, policy: ProbingPolicy): DeploymentEvent {
  const { candidate, planned, routing } = world;
  flow(world, world.nowMs + (policy.consecutive - 1) * policy.intervalMs + assumedTimes.callMs);
  if (pool.pool !== planned.candidate.pool) return done('Every probe passed.');
  const fallback = world.routing?.fallback ?? routing?.fallback;
  if (fallback) return failed(world, fallbackFailure(fallback));
  if (candidate.unexpectedExits === 0) return done('Every probe passed.');
  return failed(world, failureOf('instance-exited', 'An instance ended by itself.'));
}

function apply(world: World, command: Command, split: PlannedSplit): DeploymentEvent {
  const isLacking = split.lease !== null && world.candidate.exited > 0;
  if (isLacking) {
    return failed(world, failureOf('instance-exited', 'An instance ended by itself.'));
  }
  const refused = writeSplit(world, split, command.token, command.leases[0]?.token);
  if (refused) return failed(world, refused);
  return done('In force.', { inForceSinceNs: String(world.routing?.inForceSinceNs ?? 0n) });
}

/** What is still on its way is answered, or runs into its time-out. */
function drain(world: World, command: Command, waitMs: number): DeploymentEvent {
  const { hungUntilMs, nowMs, traffic } = world;
  const isOld =
    command.action.kind === 'drain-pool' && command.action.pool === world.planned.stable?.pool;
  const lastMs = isOld ? 0 : (hungUntilMs.at(-1) ?? nowMs) - nowMs;
  flow(world, nowMs + Math.min(waitMs, Math.max(lastMs, traffic.latencyMs.p99)));
  return done('Nothing in flight.');
}

function stop(world: World, pool: PlannedPool['pool']): DeploymentEvent {
  const { candidate, planned } = world;
  const isOld = pool === planned.stable?.pool;
  if (isOld && candidateWeight(world) < 100) {
    return failed(world, failureOf('split-differs', 'The old pool has traffic.'));
  }
  if (isOld && candidate.exited > 0) {
    return failed(world, failureOf('instance-exited', 'An instance ended by itself.'));
  }
  flow(world, world.nowMs + assumedTimes.stopMs);
  if (pool === planned.candidate.pool) candidate.isRunning = false;
  return done('Ended.');
}

function observe(world: World, { action, token }: Command): DeploymentEvent {
  const isSplit = action.kind === 'apply-split' || action.kind === 'drill-revert';
  const kind = isSplit ? 'balancer-away' : 'target-away';
  if (lasting(world, kind)) return away(world, 'none');
  switch (action.kind) {
    case 'drill-revert':
    case 'apply-split': {
      const { routing } = world;
      const isNewest = routing !== null && compareTokens(routing.token, token) === 0;
      return { kind: 'EffectObserved', inForce: isNewest && routing.fallback === null };
    }
    case 'apply-migrations':
    case 'ensure-pool':
    case 'stop-pool':
      return { kind: 'EffectObserved', inForce: true };
    case 'validate-release':
    case 'secure-backup':
    case 'rehearse-migrations':
    case 'check-data':
    case 'note-schema':
    case 'check-schema':
    case 'check-pools':
    case 'probe-pool':
    case 'probe-service':
    case 'judge-traffic':
    case 'hold-traffic':
    case 'await-approval':
    case 'judge-mirror':
    case 'drain-pool':
    case 'verify-state':
      return { kind: 'EffectObserved', inForce: false };
  }
}
