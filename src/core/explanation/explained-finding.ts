/** One finding of a gate with its name, the sense of its limit, and what would have met it. */
import type { Finding, TrafficLimits } from '../gates/judge-traffic.ts';
import { counted } from '../words/counted.ts';
import { showDuration } from '../words/show-duration.ts';
import type { ExplainedFinding } from './explanation.ts';

export function explainFinding(finding: Finding, limits: TrafficLimits): ExplainedFinding {
  return {
    ...finding,
    name: nameOf(finding, limits),
    bound: boundOf(finding),
    missing: finding.met ? null : missingOf(finding),
  };
}

function nameOf({ metric }: Finding, { latency }: TrafficLimits): string {
  switch (metric) {
    case 'errorRate':
      return 'failed requests';
    case 'latency':
      return `response time p${Math.round(latency.quantile * 1_000) / 10}`;
    case 'samples':
      return 'requests at this weight';
    case 'held':
      return 'time at this weight';
    case 'split':
      return 'weight as read back';
    case 'trip':
      return 'failures that the balancer counted';
    case 'lease':
      return 'weight when the lease lapsed';
    case 'waiting':
      return 'longest wait for an answer';
    case 'ejected':
      return 'instances without requests, for they failed';
    case 'comparison':
      return 'evidence that it is worse';
    case 'compared':
      return 'answers that were compared';
    case 'discarded':
      return 'seconds without usable figures';
  }
}

function boundOf({ metric }: Finding): ExplainedFinding['bound'] {
  switch (metric) {
    case 'samples':
    case 'held':
    case 'compared':
      return 'at least';
    case 'split':
    case 'lease':
      return 'exactly';
    case 'trip':
    case 'comparison':
      return 'below';
    case 'errorRate':
    case 'latency':
    case 'waiting':
    case 'ejected':
    case 'discarded':
      return 'at most';
  }
}

function missingOf({ metric, observed, limit }: Finding): string | null {
  switch (metric) {
    case 'samples':
      return `${counted(limit - observed, 'more request')} to the candidate`;
    case 'compared':
      return `${counted(limit - observed, 'more answer')} of the candidate, behind its first ones`;
    case 'held':
      return `${showDuration(limit - observed)} more at this weight`;
    case 'waiting':
      return 'an end of the request that waits';
    case 'ejected':
      return 'a good answer of every instance that failed';
    case 'discarded':
      return 'seconds whose figures can be used';
    case 'errorRate':
    case 'latency':
    case 'trip':
    case 'split':
    case 'lease':
    case 'comparison':
      return null;
  }
}
