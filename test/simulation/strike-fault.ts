/** Carries out what a fault does to the processes, the world and the people of a run. */
import type { PoolId } from '../../src/core/model/ids.ts';
import { crashSimulated } from '../../src/drivers/target/simulated/simulated-world.ts';
import { deployRequest } from './before-the-run.ts';
import { ask, tellListeners } from './ask.ts';
import { freezeFor } from './freeze-place.ts';
import type { Strike } from './simulated-network.ts';
import type { RunParts } from './simulated-run.ts';

const RESTART_MS_MAX = 2_000;
/** Longer than a lease of these plans and its rest, and than a silent session of the database is kept. */
const LONG_MS = 7_000;
/** Longer than any gate of these plans waits for samples. */
const VERY_LONG_MS = 12_000;
const A_MINUTE_MS = 60_000;
/** Longer than a lease of these plans. */
const LEASE_OVER_MS = 4_000;
/** Less than a lease. */
const SHORT_MS = 1_200;
/** As long as a call that nobody answers is waited for, and what it leads to. */
const HANG_MS = 25_000;
const CLOCK_JUMPS_MS = [3_600_000, -3_600_000, 315_576_000_000, -315_576_000_000];
const HOLD_MS_MAX = 500;
/** Mostly within a step, seldom longer than any gate of these plans waits. */
const PAUSES_MS = [5, 50, 200, 400, 800, 2_000, 9_000];
const KILLED_AGAIN_MAX = 5;
const KILLED_AGAIN_MS_MAX = 300;

/** False when there was nothing to strike. */
export function strikeFault(parts: RunParts, { fault, process }: Strike): boolean {
  const { plan, time, random, weather, lock } = parts;
  switch (fault) {
    case 'request-lost':
    case 'answer-lost':
    case 'late':
    case 'duplicated':
      return true;
    case 'hangs':
      weather.storms(HANG_MS);
      return true;
    case 'killed-before':
    case 'killed-after':
      process.kill();
      restart(parts, 0);
      return true;
    case 'killed-again':
      process.kill();
      restart(parts, 1 + random.below(KILLED_AGAIN_MAX));
      return true;
    case 'frozen':
    case 'frozen-long': {
      const ms = fault === 'frozen' ? LONG_MS : A_MINUTE_MS;
      process.freeze();
      weather.storms(ms);
      time.after(ms, () => process.thaw());
      return true;
    }
    case 'workflow-lost': {
      const resumption = parts.store.resumptionOf(plan.deployment);
      return parts.journals.get(`${plan.deployment}.${resumption}`)?.giveUp() ?? false;
    }
    case 'second-controller':
      parts.startController();
      return true;
    case 'power-lost':
      for (const each of parts.processes) each.kill();
      weather.begin('database-away', random.below(SHORT_MS));
      listenAgain(parts, SHORT_MS);
      restart(parts, 0);
      return true;
    case 'clock-jumped':
      parts.wallOffsetMs += CLOCK_JUMPS_MS[random.below(CLOCK_JUMPS_MS.length)] ?? 0;
      return true;
    case 'database-restarted':
      weather.begin('database-away', random.below(SHORT_MS));
      listenAgain(parts, SHORT_MS);
      lock.dropSessions();
      return true;
    case 'database-away':
      weather.begin('database-away', LEASE_OVER_MS);
      listenAgain(parts, LEASE_OVER_MS);
      lock.dropSessions();
      return true;
    case 'volume-full':
    case 'balancer-away':
    case 'balancer-mute':
    case 'target-away':
    case 'target-mute':
      weather.begin(fault, LONG_MS);
      return true;
    case 'data-away':
    case 'data-full':
    case 'table-locked':
    case 'store-away':
      weather.begin(fault, LONG_MS);
      return parts.data !== null;
    case 'clients-silent':
    case 'samples-stale':
      weather.begin(fault, VERY_LONG_MS);
      return true;
    case 'approvers-away':
      weather.begin(fault, VERY_LONG_MS);
      return plan.services[0].rollout.approvals !== undefined;
    case 'probes-flap':
      weather.begin('probes-flap', SHORT_MS);
      return true;
    case 'balancer-reloaded':
      return plan.services
        .map(({ scope }) => parts.surroundings.routing.reload(scope))
        .includes(true);
    case 'candidate-crashed':
      return crashOne(parts, plan.services[0].candidate.pool);
    case 'stable-crashed':
      return plan.services[0].stable !== null && crashOne(parts, plan.services[0].stable.pool);
    case 'aborted':
      return abort(parts);
    case 'aborted-twice': {
      const isFirst = abort(parts);
      return abort(parts) && isFirst;
    }
    case 'paused':
      return pauseAndResume(parts);
    case 'held':
      return ask(parts, { ...ADA, kind: 'pause', forMs: 1 + random.below(HOLD_MS_MAX) });
    case 'place-frozen':
      return freeze(parts);
    case 'promoted':
      return ask(parts, { ...ADA, kind: 'promote' });
    case 'requested-again':
      return parts.store.admitDeployment(deployRequest(plan)).kind === 'repeated';
  }
}

/** Whoever looks after the controllers starts a new one, which may be killed in its turn. */
function restart(parts: RunParts, kills: number): void {
  const { time, random, weather } = parts;
  const backMs = random.below(RESTART_MS_MAX);
  weather.storms(backMs);
  time.after(backMs, () => {
    const process = parts.startController();
    if (kills === 0) return;
    const aliveMs = random.below(KILLED_AGAIN_MS_MAX);
    weather.storms(aliveMs);
    time.after(aliveMs, () => {
      process.kill();
      restart(parts, kills - 1);
    });
  });
}

function crashOne({ surroundings }: RunParts, pool: PoolId): boolean {
  const running = surroundings.pools.pools.get(pool)?.instances.find(({ pid }) => pid !== null);
  if (running) crashSimulated(surroundings.pools, running.id, '');
  return running !== undefined;
}

/** Whoever listens hears nothing while the database is away, and looks once when it is back. */
function listenAgain(parts: RunParts, ms: number): void {
  parts.time.after(ms, () => tellListeners(parts));
}

const ADA = { actor: 'local:ada', reason: 'changed my mind' } as const;

function abort(parts: RunParts): boolean {
  return ask(parts, { ...ADA, kind: 'abort' });
}

/** Only a deploy heeds it. */
function freeze(parts: RunParts): boolean {
  const { plan, random, weather } = parts;
  const ms = PAUSES_MS[random.below(PAUSES_MS.length)] ?? 0;
  weather.storms(ms);
  freezeFor(parts, ms);
  return plan.kind === 'deploy';
}

/** By a timer of the person's own, whatever becomes of the first request. */
function pauseAndResume(parts: RunParts): boolean {
  const { time, random, weather } = parts;
  const isAsked = ask(parts, { ...ADA, kind: 'pause', forMs: null });
  const ms = PAUSES_MS[random.below(PAUSES_MS.length)] ?? 0;
  weather.storms(ms);
  time.after(ms, () => ask(parts, { ...ADA, kind: 'resume' }));
  return isAsked;
}
