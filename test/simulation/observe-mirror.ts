/**
 * What must hold while requests are copied to a candidate, and where they must not be: no client meets it,
 * nothing is written by copies, and the mirror ends with its lease, with a revert and with the deployment.
 */
import { isForeign, type Recorded } from './recorded.ts';
import { isStopped, textOf, type Expectation, type Report, type Sight } from './sight.ts';

export interface SeenMirror {
  /** Since when it is on; null while it is not. */
  sinceMs: number | null;
  /** What the candidate had been sent when it began, and at the last look. */
  copiedBefore: number;
  copied: number;
  asked: number;
}

export function noMirrorSeen(): SeenMirror {
  return { sinceMs: null, copiedBefore: 0, copied: 0, asked: 0 };
}

interface Watch {
  readonly expected: Expectation;
  readonly sight: Sight;
  readonly report: Report;
  readonly recorded: Recorded;
  /** Somebody else has loaded an old routing when pools were being stopped. */
  readonly isReloadedLate: boolean;
}

/** Noise is excluded by about sixteen answers, a request each 20 ms, most of them copied. */
const FOUND_MS_MAX = 1_500;

export function checkMirror(seen: SeenMirror, watch: Watch): void {
  const { expected, sight, report } = watch;
  const { isMirroring, copied, unsafeCopied, asked } = sight;
  if (expected.isFoundByMirror && asked > 0) {
    report('I17', 'A client was sent to a release that copies show to be bad.');
  }
  if (unsafeCopied > 0) report('I17', 'A request that may change something was copied.');
  const wasMirroring = seen.sinceMs !== null;
  if (copied > seen.copied && !wasMirroring && !isMirroring) {
    report('I17', 'A request was copied where no mirror is in force.');
  }
  if (asked > seen.asked && wasMirroring && isMirroring) {
    report('I17', 'A client was answered by what only gets copies.');
  }
  if (!isMirroring) seen.sinceMs = null;
  else {
    if (!wasMirroring) {
      checkBegin(watch);
      seen.sinceMs = sight.nowMs;
      seen.copiedBefore = seen.copied;
    }
    checkOn(seen, watch);
  }
  seen.copied = copied;
  seen.asked = asked;
}

function checkBegin({ expected, sight, report, recorded }: Watch): void {
  const { candidate, instances } = expected;
  const pool = sight.pools.find((each) => each.pool === candidate);
  if (!pool || pool.unprobed > 0) {
    report('I1', 'Requests are copied to a candidate that has not passed its probes.');
  }
  const routed = sight.endpoints[candidate] ?? 0;
  if (routed < instances) report('I2', `Requests are copied to ${routed} routed instances.`);
  if (recorded.people.isPaused && !isForeign(recorded, sight)) {
    report('I16', 'Requests are copied in a pause, and were not before.');
  }
}

function checkOn({ sinceMs }: SeenMirror, watch: Watch): void {
  const { expected, sight, report, recorded, isReloadedLate } = watch;
  const { candidate } = expected;
  const command = recorded.issued.get(textOf(sight.token)) ?? '';
  if (!command.startsWith('mirror-traffic#')) {
    report('I17', `Requests are copied under the token of ${command || 'nobody'}.`);
  }
  const weight = sight.weights[candidate] ?? 0;
  if (weight > 0) report('I17', `${candidate} gets copies beside ${weight} %.`);
  if (isStopped(sight, candidate) && !isReloadedLate) {
    report('I17', 'Requests are copied to a pool that is stopped.');
  }
  const isReverted = recorded.revertDecided && recorded.passed.includes('zero-candidate');
  if (isReverted && !isForeign(recorded, sight)) {
    report('I14', 'Requests are copied though the deployment is being taken back.');
  }
  const onMs = sight.nowMs - (sinceMs ?? sight.nowMs);
  if (expected.isFoundByMirror && !expected.hasFaults && onMs > FOUND_MS_MAX) {
    report('I14', 'The mirror does not find a release that is bad.');
  }
}

/** Whatever has happened, nothing is copied behind the end. */
export function checkMirrorAtEnd({ sight, report, recorded }: Watch): void {
  if (sight.isMirroring && !isForeign(recorded, sight)) {
    report('I3', `${sight.status}, and requests are still copied to the candidate.`);
  }
}
