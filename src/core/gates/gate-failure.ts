import { failureOf, type Failure, type FailureCode } from '../failures.ts';
import type { Judgement } from './judge-traffic.ts';

/** What a gate that did not pass comes to, once it has had the traffic taken away; null: nobody answered. */
export function gateFailure(judgement: Judgement | null): Failure {
  const reason = judgement?.reason ?? 'The balancer has not answered.';
  return failureOf(codeOf(judgement), reason, { effect: 'applied' });
}

function codeOf(judgement: Judgement | null): FailureCode {
  if (judgement?.verdict !== 'ROLLBACK') return 'gate-inconclusive';
  const isLeaseLost = judgement.findings.some(({ metric, met }) => metric === 'lease' && !met);
  return isLeaseLost ? 'lease-lost' : 'gate-failed';
}
