/**
 * Judges a run of several services from outside: that they go on and go back together. What each of them
 * must do by itself is judged in the plans of one.
 */
import type { AuditBody } from '../../src/core/audit/audit-entry.ts';
import type { PlannedService } from '../../src/core/plan/plan.ts';
import { UNATTENDED_MS_MAX } from './observer.ts';
import { sightOf, type RefreshedSight } from './sight-of.ts';
import {
  isBelow,
  isStopped,
  type Expectation,
  type Report,
  type Token,
  type Violation,
} from './sight.ts';
import type { SimulatedRun } from './simulated-run.ts';

export interface TogetherObserver {
  look(): void;
  end(): void;
  readonly violations: readonly Violation[];
}

/** For a look, and a command that was on its way. */
const NOTICED_MS_MAX = 500;

interface Watched {
  readonly service: PlannedService;
  readonly sight: RefreshedSight;
  highest: Token;
  weight: number;
  /** When its balancer was first seen to have taken the traffic away by itself. */
  fellBackMs: number | null;
  /** By the record, its candidate is the stable release of its balancer. */
  isSettled: boolean;
}

interface Memory {
  readonly run: SimulatedRun;
  readonly expected: Expectation;
  readonly report: Report;
  /** What others depend on comes first. */
  readonly all: readonly Watched[];
  entriesSeen: number;
  isReloaded: boolean;
  ends: number;
}

export function createTogetherObserver(run: SimulatedRun, expected: Expectation): TogetherObserver {
  const violations: Violation[] = [];
  const memory: Memory = {
    ...{ run, expected, entriesSeen: 0, isReloaded: false, ends: 0 },
    all: run.plan.services.map((service) => ({
      ...{ service, sight: sightOf(run, service), weight: 0, fellBackMs: null, isSettled: false },
      highest: { deployment: 0, sequence: 0 },
    })),
    report(invariant, message) {
      if (violations.every((known) => known.message !== message)) {
        violations.push({ invariant, message });
      }
    },
  };
  return {
    violations,
    look() {
      for (const { sight } of memory.all) sight.refresh();
      memory.isReloaded ||= memory.all.some(({ sight }) => sight.reloads > 0);
      readRecord(memory);
      for (const watched of memory.all) checkService(memory, watched);
    },
    end: () => checkEnd(memory),
  };
}

function readRecord(memory: Memory): void {
  const { run, all } = memory;
  const { audit } = run.store;
  for (const { deployment, body } of audit.slice(memory.entriesSeen)) {
    if (deployment !== run.plan.deployment) continue;
    if (body.kind === 'DeploymentEnded') memory.ends += 1;
    if (body.kind === 'RevertDecided') checkTurn(memory, body);
    if (body.kind !== 'StepPassed') continue;
    for (const watched of all) {
      watched.isSettled ||= body.step === `${watched.service.service}:settle-split`;
    }
  }
  memory.entriesSeen = audit.length;
}

/** What has no lease any more goes back with the revert itself. */
function checkTurn(
  { all, expected, report }: Memory,
  { cause }: Extract<AuditBody, { kind: 'RevertDecided' }>,
): void {
  const isAtOnce = expected.revertsAtOnce && all[0]?.sight.resumption === 0;
  if (!isAtOnce || cause.failure.code === 'aborted') return;
  const late = all.find((watched) => !watched.isSettled && weightOf(watched) > 0);
  if (late) report('I19', `${late.service.service} had traffic when the revert was recorded.`);
}

function weightOf({ sight, service }: Watched): number {
  return sight.weights[service.candidate.pool] ?? 0;
}

function checkService(memory: Memory, watched: Watched): void {
  const { report, isReloaded } = memory;
  const { service, sight } = watched;
  const { scope, candidate, stable } = service;
  const weight = weightOf(watched);
  if (weight > watched.weight && !isReloaded) checkShare(memory, watched, weight);
  watched.weight = weight;
  if (sight.hasFallback) watched.fellBackMs ??= sight.nowMs;
  if (isBelow(sight.token, watched.highest) && !isReloaded) {
    report('I5', `An older split came into force for ${scope}.`);
  }
  watched.highest = sight.token;
  const total = Object.values(sight.weights).reduce((sum, each) => sum + each, 0);
  if (total !== 100) report('I2', `The weights of ${scope} add up to ${total} %.`);
  const isOldGone = stable !== null && isStopped(sight, stable.pool);
  if (isOldGone && isStopped(sight, candidate.pool)) {
    report('I2', `Both pools of ${scope} are stopped.`);
  }
  if (isOldGone && !memory.all.every(({ isSettled }) => isSettled)) {
    report('I19', `${stable.pool} was stopped before all were settled.`);
  }
  const isLeased = sight.hasLease && !sight.hasFallback && weight > 0;
  if (isLeased && sight.nowMs - sight.actedMs > UNATTENDED_MS_MAX) {
    report('R10', `${candidate.pool} keeps ${weight} % though nobody acts.`);
  }
  checkClients(memory, sight.answers);
}

/** Who depends on others gets its traffic behind them, and none when they have lost theirs. */
function checkShare({ all, expected, report }: Memory, watched: Watched, weight: number): void {
  const { scope, candidate } = watched.service;
  const pool = watched.sight.pools.find((seen) => seen.pool === candidate.pool);
  if (!pool || pool.unprobed > 0) {
    report('I1', `${candidate.pool} got ${weight} % before all of it had passed its probes.`);
  }
  for (const before of all.slice(0, all.indexOf(watched))) {
    const { sight, service, fellBackMs } = before;
    // A trip may have taken it away since.
    if (weightOf(before) !== 100 && !sight.hasFallback) {
      report('I19', `${scope} got ${weight} % before ${service.scope} had all of its own.`);
    }
    const lostMs = sight.nowMs - (fellBackMs ?? Infinity);
    if (lostMs > NOTICED_MS_MAX && expected.judgesAtOnce) {
      report('I19', `${scope} got ${weight} % though ${service.scope} had lost its own.`);
    }
  }
}

function checkClients({ expected, report, isReloaded }: Memory, answers: readonly number[]): void {
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
  for (const watched of memory.all) checkPools(memory, watched, status);
}

function checkPools(
  { report, expected, isReloaded }: Memory,
  { service, sight }: Watched,
  status: string,
): void {
  const { candidate, stable, scope } = service;
  const [serves, gone] =
    status === 'promoted' ? [candidate.pool, stable?.pool] : [stable?.pool, candidate.pool];
  const isRouted = sight.weights[serves ?? ''] === 100 && !sight.hasLease;
  if (!isRouted && !isReloaded) report('I19', `${status}, but ${scope} is not on ${serves}.`);
  for (const { pool, isStopped: isGone, accepting } of sight.pools) {
    if (pool === gone && !isGone) report('I19', `${status}, but ${gone} was not stopped.`);
    if (pool === serves && (isGone || accepting !== expected.instances)) {
      report('I19', `${status}, but ${serves} has ${accepting} instances.`);
    }
  }
}
