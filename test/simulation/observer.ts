/**
 * Judges a run from outside, event by event: what the balancer routes, which instances live, what
 * clients got and what the audit log says. It shares no code with what it judges.
 */
import { checkData, checkDataAtEnd } from './observe-data.ts';
import { checkMirror, checkMirrorAtEnd, noMirrorSeen, type SeenMirror } from './observe-mirror.ts';
import { isBarred } from './observe-freezes.ts';
import { checkSteps, readRecord, writesSplit } from './observe-record.ts';
import { isForeign, nothingRecorded, type Recorded } from './recorded.ts';
import {
  isBelow,
  isStopped,
  textOf,
  type Expectation,
  type Report,
  type Sight,
  type Token,
  type Violation,
} from './sight.ts';

export interface Observer {
  /** Looks after an event. */
  look(sight: Sight): void;
  /** The last look: after the end, and after everything late has arrived. */
  end(sight: Sight): void;
  readonly violations: readonly Violation[];
}

/** Longer than a database restarts, any command hangs, and its tries to take traffic away last. */
export const UNATTENDED_MS_MAX = 20_000;
/** For a process that is told, reads the database, and ends its wait. */
const READ_MS_MAX = 1_000;

export function createObserver(expected: Expectation): Observer {
  const violations: Violation[] = [];
  const report: Report = (invariant, message) => {
    if (violations.every((known) => known.message !== message)) {
      violations.push({ invariant, message });
    }
  };
  const memory: Memory = {
    report,
    recorded: nothingRecorded(),
    highest: { deployment: 0, sequence: 0 },
    splitSinceMs: 0,
    askedBefore: new Map(),
    reloadsSeen: 0,
    isReloadedLate: false,
    candidateWeight: 0,
    fellBackMs: null,
    openSinceMs: null,
    mirror: noMirrorSeen(),
  };
  return {
    violations,
    look(sight) {
      const { copiedBefore } = memory.mirror;
      readRecord(memory.recorded, { ...memory, copiedBefore, expected, sight });
      noteReload(memory, sight);
      checkTokens(memory, expected, sight);
      checkCandidate(memory, expected, sight);
      checkCapacity(memory, expected, sight);
      checkClients(memory, expected, sight);
      checkRequests(memory, expected, sight);
      checkMirror(memory.mirror, { ...memory, expected, sight });
      checkData({ ...memory, expected, sight });
    },
    end(sight) {
      checkEnd(memory, expected, sight);
      checkMirrorAtEnd({ ...memory, expected, sight });
      checkDataAtEnd({ ...memory, expected, sight });
    },
  };
}

interface Memory {
  readonly report: Report;
  readonly recorded: Recorded;
  highest: Token;
  /** Since when the split is in force. */
  splitSinceMs: number;
  /** By token that was ever in force, what the candidate had been asked when it first was. */
  readonly askedBefore: Map<string, number>;
  reloadsSeen: number;
  /** Somebody else has loaded an old routing since a pool was being stopped, or behind that. */
  isReloadedLate: boolean;
  candidateWeight: number;
  /** When the balancer was first seen to have taken the candidate's traffic away by itself. */
  fellBackMs: number | null;
  /** Since when a request waits to be read. */
  openSinceMs: number | null;
  readonly mirror: SeenMirror;
}

/**
 * Between the last look at the split and the end of a pool nobody can know that somebody else brings an
 * old split back; the next command corrects it, and behind the last one the watch would.
 */
function noteReload(memory: Memory, { reloads }: Sight): void {
  const { recorded } = memory;
  if (reloads === memory.reloadsSeen) return;
  memory.reloadsSeen = reloads;
  memory.highest = { deployment: 0, sequence: 0 };
  memory.fellBackMs = null;
  if (recorded.isRetiring || recorded.isStopping || recorded.isLast) memory.isReloadedLate = true;
}

/** Traffic for the candidate only when each of its processes has passed its probes, and somebody acts. */
function checkCandidate(memory: Memory, expected: Expectation, sight: Sight): void {
  const { candidate, deployment, stable } = expected;
  const { report } = memory;
  const weight = sight.weights[candidate] ?? 0;
  // Behind the point of no return it is all that there is: what loaded an old split is corrected.
  if (weight > memory.candidateWeight && !isStopped(sight, stable)) {
    const pool = sight.pools.find((seen) => seen.pool === candidate);
    if (!pool || pool.unprobed > 0) {
      report('I1', `${candidate} got ${weight} % before all of it had passed its probes.`);
    }
    // Of what is loaded again while pools are stopped nobody can know.
    if (!memory.isReloadedLate) checkShare(report, { expected, sight, weight });
    checkBaseline(report, { expected, sight, weight });
  }
  const rises = weight > memory.candidateWeight && !isForeign(memory.recorded, sight);
  if (rises && memory.recorded.people.isPaused) {
    report('I16', `${candidate} got ${weight} % in a pause.`);
  }
  memory.candidateWeight = weight;
  if (sight.hasFallback && sight.token.deployment === deployment) {
    memory.fellBackMs ??= sight.nowMs;
  }
  if (!sight.hasLease || (weight === 0 && !sight.isMirroring)) return;
  if (memory.fellBackMs !== null) report('R10', `${candidate} got ${weight} % back.`);
  // A split that was long on its way is its balancer's own to end.
  const attendedMs = Math.max(sight.actedMs, memory.splitSinceMs);
  if (sight.nowMs - attendedMs > UNATTENDED_MS_MAX) {
    report('R10', `${candidate} keeps ${weight} % though nobody acts.`);
  }
}

/** It gets as much as the candidate, and only when it is as proven. */
function checkBaseline(
  report: Report,
  { expected, sight, weight }: { expected: Expectation; sight: Sight; weight: number },
): void {
  const { baseline } = expected;
  if (baseline === null) return;
  const beside = sight.weights[baseline] ?? 0;
  const due = weight < 100 ? weight : 0;
  if (beside !== due) report('I2', `The baseline got ${beside} % beside ${weight} %.`);
  const pool = sight.pools.find((seen) => seen.pool === baseline);
  if (beside > 0 && (!pool || pool.unprobed > 0 || pool.accepting === 0)) {
    report('I1', `The baseline got ${beside} % before all of it had passed its probes.`);
  }
}

/** No instance carries more than one of the pool that it takes the place of. */
function checkShare(
  report: Report,
  { expected, sight, weight }: { expected: Expectation; sight: Sight; weight: number },
): void {
  const { candidate, instances, crashesInstances } = expected;
  const accepting = sight.pools.find(({ pool }) => pool === candidate)?.accepting ?? 0;
  const due = (weight * instances) / 100;
  if (accepting < due && !crashesInstances) {
    report('I2', `${candidate} got ${weight} % with ${accepting} of ${instances} instances.`);
  }
  const routed = sight.endpoints[candidate] ?? 0;
  if (routed < due) report('I2', `${candidate} got ${weight} % on ${routed} routed instances.`);
}

function checkTokens(memory: Memory, expected: Expectation, sight: Sight): void {
  const { token } = sight;
  const { report, recorded, highest } = memory;
  if (token === highest) return;
  const text = textOf(token);
  if (isBelow(token, highest)) report('I5', `${text} came after ${textOf(highest)}.`);
  // What somebody else loads is no split of this deployment's.
  if (isBelow(highest, token) && token.deployment === expected.deployment) {
    memory.splitSinceMs = sight.nowMs;
  }
  if (!memory.askedBefore.has(text)) memory.askedBefore.set(text, sight.asked);
  memory.highest = token;
  if (token.deployment !== expected.deployment || text === textOf(expected.revertToken)) return;
  if (isBarred(recorded.freezes, token)) report('I18', `${text} came into force in a freeze.`);
  const command = recorded.issued.get(text);
  if (command === undefined) report('I4', `${text} is in force without an intent on record.`);
  // What stops a pool takes the traffic away that a split from before a reload has given it.
  const isCorrection = sight.reloads > 0 && /^stop-(candidate|baseline)/.test(command ?? '');
  if (command !== undefined && !writesSplit(command) && !isCorrection) {
    report('I5', `The split in force has the token of ${command}.`);
  }
}

function checkCapacity(memory: Memory, expected: Expectation, sight: Sight): void {
  const { report, recorded } = memory;
  const { stable, candidate } = expected;
  const isStableStopped = isStopped(sight, stable);
  if (isStableStopped && isStopped(sight, candidate)) report('I2', 'Both pools are stopped.');
  if (isStableStopped && !recorded.isRetiring) {
    report('I2', 'The stable pool was stopped before the point of no return.');
  }
  let total = 0;
  for (const pool of Object.keys(sight.weights)) {
    const weight = sight.weights[pool] ?? 0;
    total += weight;
    if (weight > 0 && isStopped(sight, pool) && !memory.isReloadedLate) {
      report('I2', `${pool} has ${weight} % and is stopped.`);
    }
  }
  const isClosed = stable === null && total === 0;
  if (total !== 100 && !isClosed) report('I2', `The weights add up to ${total} %.`);
}

function checkClients(
  { report, isReloadedLate }: Memory,
  expected: Expectation,
  sight: Sight,
): void {
  const { harm, answers } = sight;
  if (harm > expected.harmMax) {
    report('I14', 'The candidate gave more bad answers than it takes to lose its traffic.');
  }
  if (!expected.isGood || expected.crashesInstances || isReloadedLate) return;
  const failed = answers.find((status) => status >= 500);
  if (failed !== undefined) report('I6', `A client got ${failed} though both releases are good.`);
}

/** Somebody who asks for the way back, while there is one, is not kept waiting. */
function checkRequests(memory: Memory, expected: Expectation, sight: Sight): void {
  const { recorded, report } = memory;
  const isWaiting = sight.hasOpenAbort && !recorded.isRetiring && !recorded.revertDecided;
  if (!isWaiting) memory.openSinceMs = null;
  else memory.openSinceMs ??= sight.nowMs;
  if (!expected.readsAtOnce || memory.openSinceMs === null) return;
  if (sight.nowMs - memory.openSinceMs > READ_MS_MAX) report('I14', 'An abort is not read.');
}

function checkEnd(memory: Memory, expected: Expectation, sight: Sight): void {
  const { report, recorded } = memory;
  const { status } = sight;
  const { decided, told } = recorded.ends;
  if (sight.running > 0 && status !== 'running') report('I13', 'Another deployment is running.');
  if (sight.admitted !== expected.deployment) {
    report('I13', `${sight.admitted} deployments were admitted, not ${expected.deployment}.`);
  }
  if (status !== 'running' && (decided !== 1 || told !== 1)) {
    report('I15', `The end was decided ${decided} and told ${told} times.`);
  }
  if (status === 'held') {
    if (!expected.mayBeHeld) report('I3', 'Held, though nothing went wrong.');
    checkHeld(memory, expected, sight);
    return;
  }
  if (status !== 'promoted' && status !== 'reverted') {
    report('I7', `The deployment has not ended: ${status}.`);
    return;
  }
  // What a driver had read that was lost for good is known to nobody else.
  const { abortsAnswered, resumption } = recorded;
  const { answered } = recorded.people;
  if (resumption === 0 && sight.aborts !== abortsAnswered) {
    report('I12', `${sight.aborts} aborts were accepted, ${abortsAnswered} answered.`);
  }
  if (resumption === 0 && sight.otherRequests !== answered.size) {
    report('I12', `${sight.otherRequests} requests were accepted, ${answered.size} answered.`);
  }
  if (status === 'promoted') checkPromotion(memory, expected);
  if (status === 'reverted' && expected.isGood && !expected.hasFaults) {
    report('I3', 'A good release was reverted, though nothing went wrong.');
  }
  checkSteps(recorded, { expected, sight, report });
  checkPools(memory, expected, sight);
}

/** Whatever is unknown, clients are served: one pool has all traffic, by itself, and can take it. */
function checkHeld({ report, recorded }: Memory, { stable }: Expectation, sight: Sight): void {
  const { weights, pools, hasLease, hasFallback } = sight;
  if (stable === null && Object.keys(weights).length === 0) return;
  const serves = Object.keys(weights).find((pool) => weights[pool] === 100);
  const pool = pools.find((seen) => seen.pool === serves);
  if (!pool || pool.isStopped || pool.accepting === 0) {
    report('I3', `Held, and ${serves ?? 'no pool'} that has all traffic cannot serve it.`);
  }
  if (hasLease && !hasFallback && !isForeign(recorded, sight)) {
    report('I3', 'Held, and a lease still decides on the traffic.');
  }
}

function checkPromotion({ report, recorded }: Memory, expected: Expectation): void {
  if (expected.isCaught) report('I9', 'A bad release was promoted.');
  if (recorded.mustRevert) report('I3', 'It went on though its driver had been lost.');
}

/** Exactly one pool serves, by itself, and the other is gone. */
function checkPools({ report, recorded }: Memory, expected: Expectation, sight: Sight): void {
  const { status, weights, pools } = sight;
  const [serves, gone] =
    status === 'promoted'
      ? [expected.candidate, expected.stable]
      : [expected.stable, expected.candidate];
  // What somebody else loads behind the last look is nobody's before there is a watch.
  if (!isForeign(recorded, sight)) {
    const isRouted = serves === null || weights[serves] === 100;
    if (!isRouted || sight.hasLease || sight.hasFallback) {
      report('I3', `${status}, but ${serves} has ${weights[serves ?? ''] ?? 0} %.`);
    }
    if (gone !== null && gone in weights) {
      report('I3', `${status}, but the balancer still knows ${gone}.`);
    }
  }
  for (const { pool, isStopped: isGone } of pools) {
    if (isGone || (pool !== gone && pool !== expected.baseline)) continue;
    report('I3', `${status}, but ${pool} was not stopped.`);
  }
  if (serves === null) return;
  const kept = pools.find(({ pool }) => pool === serves);
  if (kept?.isStopped !== false || kept.accepting !== expected.instances) {
    report('I3', `${status}, but ${serves} has ${kept?.accepting ?? 0} instances.`);
  }
  if (kept && kept.restart !== 'always') report('I3', `${serves} is not restarted when it exits.`);
}
