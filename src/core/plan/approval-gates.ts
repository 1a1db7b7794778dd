/** Where people must agree before the candidate gets a further share. */
import { judgement } from './judgement.ts';
import { step, type Outline } from './outline.ts';
import type { JudgeTraffic, ServiceStep } from './plan.ts';
import type { Stage } from './stages-of.ts';

/** People who must approve before the candidate gets a share of so many percent, or more. */
export interface ApprovalPolicy {
  readonly before: number;
  /** How many different people. */
  readonly approvers: number;
  /** Whether whoever started the deployment is none of them. */
  readonly exceptStarter: boolean;
  /** Not approved by then, the deployment reverts. */
  readonly deadlineMs: number;
}

/**
 * The gates that lie between two shares. A rollback has none: it is the way back to a release that has
 * served, and nobody is waited for.
 */
export function approvalGates(
  outline: Outline,
  former: Stage | null,
  next: Pick<Stage, 'weight'>,
): readonly ServiceStep[] {
  const { rollout, kind, candidate } = outline;
  if (kind === 'rollback') return [];
  const from = former?.weight ?? 0;
  const between = (rollout.approvals ?? []).filter(
    ({ before }) => before > from && before <= next.weight,
  );
  return between
    .toSorted((left, right) => left.before - right.before)
    .map(({ before, approvers, exceptStarter, deadlineMs }) => {
      const people = approvers === 1 ? 'one person' : `${approvers} people`;
      const others = exceptStarter ? ', not whoever started it' : '';
      return step({
        id: `approve-${before}`,
        row: 'R4',
        phase: 'rollout',
        title: `Have ${people} approve${others}, before ${candidate.release.version} gets ${next.weight} % of new requests`,
        action: {
          kind: 'await-approval',
          ...{ approvers, exceptStarter },
          watched: watchedAt(outline, former),
        },
        deadlineMs,
      });
    });
}

function watchedAt(outline: Outline, stage: Stage | null): JudgeTraffic | null {
  const { stable } = outline;
  return stable && stage && judgement(outline, stable, stage);
}
