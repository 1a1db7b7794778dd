/** What a gate found, in one sentence: what was observed against which limit, on how many samples. */
import { counted } from '../words/counted.ts';
import { showDuration } from '../words/show-duration.ts';
import { showNumber } from '../words/show-number.ts';
import { showValue } from '../words/show-value.ts';
import type { Finding } from './finding.ts';
import type { TrafficLimits } from './judge-traffic.ts';

/** Of a finding that is not met. */
export function gateSentence(finding: Finding, limits: Pick<TrafficLimits, 'latency'>): string {
  const { metric, samples, unit } = finding;
  const observed = showValue(finding.observed, unit, finding.limit);
  const limit = showValue(finding.limit, unit, finding.observed);
  const requests = counted(samples, 'request');
  switch (metric) {
    case 'errorRate':
      return `The candidate's requests fail too often: ${observed} of ${requests}, where at most ${limit} may.`;
    case 'latency':
      return `The candidate is too slow: the ${quantileName(limits)} of its response time is ${observed} over ${counted(samples, 'answer')}, where at most ${limit} is allowed.`;
    case 'samples':
      return `Too few requests have reached the candidate at this weight: ${showNumber(finding.observed)} of the ${showNumber(finding.limit)} that it takes.`;
    case 'held':
      return `The split has not been held long enough: ${observed} of ${limit}, with ${requests}.`;
    case 'waiting':
      return `A request to the candidate has not been answered yet: it has been waiting for ${observed}, longer than ${limit}.`;
    case 'ejected':
      return `The balancer sends no requests to ${observed} of the candidate, for they have failed several in a row.`;
    case 'quietest':
      return `An instance of the candidate has answered too little at this weight: ${showNumber(finding.observed)} of the ${showNumber(finding.limit)} that each must, with ${requests} in all.`;
    case 'timed':
      return `How long the candidate takes is known of too few requests: of ${showNumber(finding.observed)}, where it takes ${showNumber(finding.limit)}.`;
    case 'admission':
      return `No request that changes something has come to the candidate yet: it has answered ${showNumber(finding.observed)} of the ${showNumber(finding.limit)} safe ones that it must answer well in a row before.`;
    case 'compared':
      return `Too few answers of the candidate have been compared with the stable release, the first of each instance (warmUp) left out: ${showNumber(finding.observed)} of the ${showNumber(finding.limit)} that it takes.`;
    case 'discarded':
      return `Too many seconds had figures that cannot be: ${observed} of them, where at most ${limit} may.`;
    case 'silent':
      return `The candidate answers nothing: ${showNumber(finding.observed)} requests were due to it since its last answer.`;
    case 'incident':
      return 'Both releases fail too often: this is an incident and no fault of the candidate, and nothing is concluded until it is over.';
    case 'harm':
      return `That the candidate does no harm is not beyond doubt yet: ${observed} of the ${limit} that it takes.`;
    case 'resources':
      return `What the candidate takes up has not been compared for long enough: ${observed} of the ${showNumber(finding.limit)} that are judged.`;
    case 'comparison':
      return `The candidate is worse than the stable release: ${observed}, where ${limit} is enough.`;
    case 'mirrored':
      return `Too few requests have been mirrored: ${showNumber(finding.observed)} of the ${showNumber(finding.limit)} that it takes.`;
    case 'different':
      return `The candidate answers too many mirrored requests differently: ${observed} of ${requests}, where at most ${limit} may be.`;
    case 'split':
    case 'trip':
    case 'hang':
    case 'lease':
      return `The split is not in force: ${observed} where ${limit} was written.`;
  }
}

export function passSentence(
  found: {
    readonly atWeight: number;
    readonly weight: number;
    readonly failed: number;
    readonly requests: number;
    readonly latencyMs: number;
  },
  limits: TrafficLimits,
): string {
  const { atWeight, weight, failed, requests, latencyMs } = found;
  return `${counted(atWeight, 'request')} at ${weight} %, ${showNumber(failed)} of ${showNumber(requests)} failed, ${quantileName(limits)} ${showDuration(latencyMs)}.`;
}

/** `p95`, `p99.9`. */
export function quantileName({ latency }: Pick<TrafficLimits, 'latency'>): string {
  return `p${Math.round(latency.quantile * 1_000) / 10}`;
}
