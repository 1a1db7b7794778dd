/**
 * Judges a run of several services from outside: that they go on and go back together. What each of them
 * must do by itself is judged in the plans of one.
 */
import type { PlannedService } from '../../src/core/plan/plan.ts';
import { isBelow, type Expectation, type Report, type Token, type Violation } from './sight.ts';
import type { SimulatedRun } from './simulated-run.ts';

export interface TogetherObserver {
  look(): void;
  end(): void;
  readonly violations: readonly Violation[];
}

/** Longer than any command hangs, and its tries to take traffic away last. */
const UNATTENDED_MS_MAX = 20_000;
/** For a look, and a command that was on its way. */
const NOTICED_MS_MAX = 500;

interface Memory {
  readonly run: SimulatedRun;
  readonly expected: Expectation;
  readonly report: Report;
  entriesSeen: number;
  revertDecided: boolean;
  /** Candidates that are the stable release of their balancer by the record. */
  readonly settled: Set<string>;
  readonly highest: Map<string, Token>;
  readonly weights: Map<string, number>;
  /** When a balancer was first seen to have taken the traffic away by itself. */
  readonly fellBackMs: Map<string, number>;
  isReloaded: boolean;
  ends: number;
}

export function createTogetherObserver(run: SimulatedRun, expected: Expectation): TogetherObserver {
  const violations: Violation[] = [];
  const memory: Memory = {
    ...{ run, expected, entriesSeen: 0, revertDecided: false, isReloaded: false, ends: 0 },
    ...{ settled: new Set(), highest: new Map(), weights: new Map(), fellBackMs: new Map() },
    report(invariant, message) {
      if (violations.every((known) => known.message !== message)) {
        violations.push({ invariant, message });
      }
    },
  };
  return {
    violations,
    look() {
      run.surroundings.sync();
      memory.isReloaded ||= run.surroundings.routing.reloads() > 0;
      readRecord(memory);
      for (const service of run.plan.services) checkService(memory, service);
      checkRetired(memory);
      checkClients(memory);
    },
    end: () => checkEnd(memory),
  };
}

function readRecord(memory: Memory): void {
  const { run, expected, report } = memory;
  const { audit } = run.store;
  for (const { deployment, scope, body } of audit.slice(memory.entriesSeen)) {
    if (deployment !== run.plan.deployment) continue;
    if (body.kind === 'RevertDecided') memory.revertDecided = true;
    if (body.kind === 'DeploymentEnded') memory.ends += 1;
    if (body.kind === 'StepPassed' && body.step.endsWith(':settle-split')) {
      memory.settled.add(body.step.split(':')[0] ?? '');
    }
    if (body.kind === 'CommandIssued' && body.action.kind === 'stop-pool' && scope !== null) {
      const isOld = run.plan.services.some(({ stable }) => {
        return body.action.kind === 'stop-pool' && stable?.pool === body.action.pool;
      });
      if (isOld && memory.settled.size < run.plan.services.length) {
        report('I19', `${body.step} was issued before all were settled.`);
      }
    }
    // What has no lease any more goes back with the revert itself.
    const hasTraffic = run.plan.services.find(
      (service) => !memory.settled.has(service.service) && weightOf(memory, service) > 0,
    );
    const isAtOnce = expected.revertsAtOnce && run.store.resumptionOf(run.plan.deployment) === 0;
    if (body.kind === 'RevertDecided' && isAtOnce && hasTraffic && !isAbort(body)) {
      report('I19', `${hasTraffic.service} had traffic when the revert was recorded.`);
    }
  }
  memory.entriesSeen = audit.length;
}

function isAbort({ cause }: { readonly cause: { readonly failure: { readonly code: string } } }) {
  return cause.failure.code === 'aborted';
}

function weightOf({ run }: Memory, { scope, candidate }: PlannedService): number {
  return run.surroundings.routing.observe(scope)?.weights[candidate.pool] ?? 0;
}

function checkService(memory: Memory, service: PlannedService): void {
  const { run, report, expected, weights, highest } = memory;
  const { scope, candidate, stable } = service;
  const routed = run.surroundings.routing.observe(scope);
  if (!routed) return;
  const weight = routed.weights[candidate.pool] ?? 0;
  const pool = run.surroundings.pools.pools.get(candidate.pool);
  const unprobed = (pool?.instances ?? []).filter(
    ({ state, pid }) => state === 'accepting' && pid !== null && !run.surroundings.hasPassed(pid),
  );
  if (weight > (weights.get(scope) ?? 0) && !memory.isReloaded) {
    if (!pool || unprobed.length > 0) {
      report('I1', `${candidate.pool} got ${weight} % before all of it had passed its probes.`);
    }
    // Who depends on others gets its traffic behind them.
    const { services } = run.plan;
    const first = services.slice(0, services.indexOf(service));
    const behind = first.find((of) => !hasHad(memory, of));
    if (behind) {
      report('I19', `${scope} got ${weight} % before ${behind.scope} had all of its own.`);
    }
    const lost = first.find((of) => hasLongLost(memory, of));
    if (lost && expected.judgesAtOnce) {
      report('I19', `${scope} got ${weight} % though ${lost.scope} had lost its own.`);
    }
  }
  weights.set(scope, weight);
  if (routed.fallback && !memory.fellBackMs.has(scope)) memory.fellBackMs.set(scope, run.nowMs());
  const before = highest.get(scope);
  if (before && isBelow(routed.token, before) && !memory.isReloaded) {
    report('I5', `An older split came into force for ${scope}.`);
  }
  highest.set(scope, routed.token);
  const total = Object.values(routed.weights).reduce((sum, each) => sum + each, 0);
  if (total !== 100) report('I2', `The weights of ${scope} add up to ${total} %.`);
  if (stable && isStopped(memory, stable.pool) && isStopped(memory, candidate.pool)) {
    report('I2', `Both pools of ${scope} are stopped.`);
  }
  const isLeased = routed.routing.lease !== null && routed.fallback === null && weight > 0;
  if (isLeased && run.nowMs() - run.actedMs() > UNATTENDED_MS_MAX) {
    report('R10', `${candidate.pool} keeps ${weight} % though nobody acts.`);
  }
}

function isStopped({ run }: Memory, pool: string): boolean {
  const { pools } = run.surroundings.pools;
  return [...pools.values()].some(
    ({ spec, desired }) => spec.pool === pool && desired === 'stopped',
  );
}

/** No old release ends before all new ones are settled. */
function checkRetired(memory: Memory): void {
  const { run, report } = memory;
  const { services } = run.plan;
  for (const { stable } of services) {
    const isOldGone = stable !== null && isStopped(memory, stable.pool);
    if (isOldGone && memory.settled.size < services.length) {
      report('I19', `${stable.pool} was stopped before all were settled.`);
    }
  }
}

/** Longer ago than a look and a command take. */
function hasLongLost({ run, fellBackMs }: Memory, { scope }: PlannedService): boolean {
  return run.nowMs() - (fellBackMs.get(scope) ?? Infinity) > NOTICED_MS_MAX;
}

/** A trip may have taken it away since. */
function hasHad(memory: Memory, service: PlannedService): boolean {
  const routed = memory.run.surroundings.routing.observe(service.scope);
  const share = routed?.routing.pools.find(({ pool }) => pool === service.candidate.pool);
  return share?.weight === 100 || routed?.fallback !== null;
}

function checkClients({ run, expected, report, isReloaded }: Memory): void {
  const answers = run.surroundings.takeAnswers();
  if (!expected.isGood || expected.crashesInstances || isReloaded) return;
  const failed = answers.find((status) => status >= 500);
  if (failed !== undefined) report('I6', `A client got ${failed} though all releases are good.`);
}

/** Each service is served by its new release, or each by its old one; never a mixture. */
function checkEnd(memory: Memory): void {
  const { run, expected, report } = memory;
  const status = run.store.statusOf(run.plan.deployment);
  if (status === 'held') {
    if (!expected.hasFaults) report('I3', 'Held, though nothing went wrong.');
    return;
  }
  if (status !== 'promoted' && status !== 'reverted') {
    report('I7', `The deployment has not ended: ${status}.`);
    return;
  }
  if (memory.ends !== 1) report('I15', `The end was told ${memory.ends} times.`);
  if (status === 'promoted' && expected.isCaught) report('I9', 'A bad release was promoted.');
  if (status === 'reverted' && expected.isGood && !expected.hasFaults) {
    report('I3', 'A good release was reverted, though nothing went wrong.');
  }
  for (const service of run.plan.services) checkPools(memory, service, status);
}

function checkPools(memory: Memory, service: PlannedService, status: string): void {
  const { run, report, expected } = memory;
  const { candidate, stable, scope } = service;
  const [serves, gone] =
    status === 'promoted' ? [candidate.pool, stable?.pool] : [stable?.pool, candidate.pool];
  const routed = run.surroundings.routing.observe(scope);
  const isRouted =
    serves !== undefined && routed?.weights[serves] === 100 && routed.routing.lease === null;
  if (!isRouted && !memory.isReloaded)
    report('I19', `${status}, but ${scope} is not on ${serves}.`);
  const { pools } = run.surroundings.pools;
  for (const { spec, desired, instances } of pools.values()) {
    if (spec.pool === gone && desired !== 'stopped') {
      report('I19', `${status}, but ${gone} was not stopped.`);
    }
    if (spec.pool !== serves) continue;
    const accepting = instances.filter(({ state }) => state === 'accepting').length;
    if (desired === 'stopped' || accepting !== expected.instances) {
      report('I19', `${status}, but ${serves} has ${accepting} instances.`);
    }
  }
}
