/**
 * The gate before the first share of traffic: whether the candidate answers copies of requests as the
 * stable release answers the requests themselves. Without enough of them it is INCONCLUSIVE; only
 * what noise does not explain is held against the candidate.
 */
import { mirrorSentence } from '../mirror/mirror-sentence.ts';
import type { MirrorReport } from '../mirror/mirror-report.ts';
import { compareTokens, type FencingToken } from '../model/fencing-token.ts';
import { countOf, quantileOf } from '../model/histogram.ts';
import type { PoolId } from '../model/ids.ts';
import type { RoutingObservation } from '../model/routing.ts';
import { showNumber } from '../words/show-number.ts';
import { gateSentence } from './gate-sentence.ts';
import { atLeast, atMost, type Finding } from './finding.ts';
import { trafficTakenAway, type Judgement, type TrafficLimits } from './judge-traffic.ts';

export interface MirrorLimits {
  /** Least requests that must have been compared; at least 1. */
  readonly samplesMin: number;
  /** Fraction of them that the candidate may answer differently. */
  readonly differentMax: number;
  /** Of the candidate's answers to copies. */
  readonly latency: TrafficLimits['latency'];
}

export interface MirrorEvidence {
  readonly candidate: PoolId;
  /** Token of the split that has the mirror. */
  readonly token: FencingToken;
  /** Token under which this very gate takes the mirror away. */
  readonly revertToken: FencingToken;
  readonly observation: RoutingObservation;
  /** Null while the balancer has none. */
  readonly mirror: MirrorReport | null;
}

export function judgeMirror(limits: MirrorLimits, evidence: MirrorEvidence): Judgement {
  const taken = trafficTakenAway({ ...evidence, weight: 0 }, 0);
  if (taken) return taken;
  const { observation, revertToken, mirror, token } = evidence;
  if (compareTokens(observation.token, revertToken) === 0) {
    const reason = 'The mirror was taken away by a process that ended before it recorded why.';
    return { verdict: 'ROLLBACK', reason, findings: [] };
  }
  // What was found under another routing was found about another candidate, or with other rules.
  if (mirror === null || compareTokens(mirror.token, token) !== 0) {
    const findings = [mirroredFinding(0, limits)];
    return { verdict: 'INCONCLUSIVE', reason: 'Nothing has been mirrored yet.', findings };
  }
  return { ...judgeFindings(limits, mirror), mirrored: mirror };
}

function judgeFindings(limits: MirrorLimits, mirror: MirrorReport): Judgement {
  const { compared, unsettled, suspected, proven, latency } = mirror;
  const settled = compared - unsettled;
  const timed = countOf(latency.candidate);
  const slowMs = (quantileOf(latency.candidate, limits.latency.quantile) ?? 0) / 1000;
  const share = settled === 0 ? 0 : suspected / settled;
  const different: Finding = {
    ...atMost('different', 'fraction', share, limits.differentMax, settled),
    // A share that is divided out may miss by a hair what it just reaches.
    met: suspected <= limits.differentMax * settled,
  };
  const slow = atMost('latency', 'ms', slowMs, limits.latency.maxMs, timed);
  const enough = mirroredFinding(settled, limits);
  const findings = [different, slow, enough];
  const isProven = proven > limits.differentMax * Math.max(settled, limits.samplesMin);
  if (isProven) return { verdict: 'ROLLBACK', reason: mirrorSentence(mirror), findings };
  if (!slow.met && timed >= limits.samplesMin) {
    return { verdict: 'ROLLBACK', reason: gateSentence(slow, limits), findings };
  }
  const unmet = findings.find(({ met }) => !met);
  if (!unmet) return { verdict: 'PASS', reason: mirrorSentence(mirror), findings };
  return { verdict: 'INCONCLUSIVE', reason: openSentence(unmet, limits, mirror), findings };
}

function mirroredFinding(settled: number, { samplesMin }: MirrorLimits): Finding {
  return atLeast('mirrored', 'requests', settled, samplesMin, settled);
}

function openSentence(unmet: Finding, limits: MirrorLimits, mirror: MirrorReport): string {
  if (unmet.metric === 'different') return mirrorSentence(mirror);
  const sentence = gateSentence(unmet, limits);
  if (unmet.metric === 'latency' || mirror.dropped === 0) return sentence;
  return `${sentence} ${showNumber(mirror.dropped)} were not copied, for too many copies were under way.`;
}
