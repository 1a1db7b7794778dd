/** One finding of a gate with its name, the sense of its limit, and what would have met it. */
import type { Finding } from '../gates/finding.ts';
import type { TrafficLimits } from '../gates/judge-traffic.ts';
import type { TrafficCourse } from '../gates/traffic-course.ts';
import type { ComparedFigures } from '../verdict/compared-figures.ts';
import { quantileName } from '../gates/gate-sentence.ts';
import { counted } from '../words/counted.ts';
import { showDuration } from '../words/show-duration.ts';
import type { ExplainedFinding } from './explanation.ts';

export function explainFinding(
  finding: Finding,
  limits: Pick<TrafficLimits, 'latency'>,
  beside: { readonly compared: ComparedFigures | null; readonly course: TrafficCourse | null },
): ExplainedFinding {
  return {
    ...finding,
    name: nameOf(finding, limits),
    stable: stableOf(finding, limits, beside),
    bound: boundOf(finding),
    missing: finding.met ? null : missingOf(finding),
  };
}

function nameOf({ metric }: Finding, limits: Pick<TrafficLimits, 'latency'>): string {
  switch (metric) {
    case 'errorRate':
      return 'failed requests';
    case 'latency':
      return `response time ${quantileName(limits)}`;
    case 'samples':
      return 'requests at this weight';
    case 'held':
      return 'time at this weight';
    case 'split':
      return 'weight as read back';
    case 'trip':
      return 'failures that the balancer counted';
    case 'hang':
      return 'requests that waited for too long';
    case 'lease':
      return 'weight when the lease lapsed';
    case 'waiting':
      return 'longest wait for an answer';
    case 'ejected':
      return 'instances without requests, for they failed';
    case 'quietest':
      return 'answers of the instance that gave fewest';
    case 'timed':
      return 'requests of which the wait is known';
    case 'admission':
      return 'safe requests answered well in a row';
    case 'comparison':
      return 'evidence that it is worse';
    case 'compared':
      return 'answers that were compared';
    case 'discarded':
      return 'seconds without usable figures';
    case 'silent':
      return 'requests due to it since its last answer';
    case 'incident':
      return 'evidence of an incident that both releases meet';
    case 'harm':
      return 'evidence that it does no harm';
    case 'resources':
      return 'resources that were compared';
    case 'mirrored':
      return 'requests that were mirrored';
    case 'different':
      return 'mirrored requests that were answered differently';
  }
}

function stableOf(
  { metric }: Finding,
  { latency }: Pick<TrafficLimits, 'latency'>,
  { compared, course }: Parameters<typeof explainFinding>[2],
): number | null {
  if (metric === 'latency') {
    const times = compared?.stable.latencyMs;
    const byQuantile = new Map<number, number | undefined>([
      [0.5, times?.p50],
      [0.95, times?.p95],
      [0.99, times?.p99],
    ]);
    return byQuantile.get(latency.quantile) ?? null;
  }
  if (metric !== 'errorRate' || !course?.stable) return null;
  const requests = sum(course.stable.requests);
  return requests === 0 ? null : sum(course.stable.failures) / requests;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function boundOf({ metric }: Finding): ExplainedFinding['bound'] {
  switch (metric) {
    case 'samples':
    case 'held':
    case 'compared':
    case 'harm':
    case 'resources':
    case 'mirrored':
    case 'admission':
    case 'quietest':
    case 'timed':
      return 'at least';
    case 'split':
    case 'lease':
      return 'exactly';
    case 'trip':
    case 'hang':
    case 'comparison':
    case 'silent':
    case 'incident':
      return 'below';
    case 'errorRate':
    case 'latency':
    case 'waiting':
    case 'ejected':
    case 'discarded':
    case 'different':
      return 'at most';
  }
}

function missingOf({ metric, observed, limit }: Finding): string | null {
  switch (metric) {
    case 'samples':
      return `${counted(limit - observed, 'more request')} to the candidate`;
    case 'compared':
      return `${counted(limit - observed, 'more answer')} of the candidate, behind its first ones`;
    case 'mirrored':
      return counted(limit - observed, 'more mirrored request');
    case 'held':
      return `${showDuration(limit - observed)} more at this weight`;
    case 'waiting':
      return 'an end of the request that waits';
    case 'admission':
      return 'a request that changes something, sent to the candidate';
    case 'ejected':
      return 'a good answer of every instance that failed';
    case 'timed':
      return `${counted(limit - observed, 'more request')} of which the wait is known`;
    case 'quietest':
      return `${counted(limit - observed, 'more answer')} of one instance`;
    case 'discarded':
      return 'seconds whose figures can be used';
    case 'silent':
      return 'an answer of the candidate';
    case 'incident':
      return 'an end of the incident';
    case 'harm':
      return 'more answers without a failure, and as fast';
    case 'resources':
      return 'more time, in which what both releases take up can be read';
    case 'errorRate':
    case 'latency':
    case 'different':
    case 'trip':
    case 'hang':
    case 'split':
    case 'lease':
    case 'comparison':
      return null;
  }
}
