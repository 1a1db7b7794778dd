/** What scenarios ask of a run that was followed. */
import type { AuditBody } from '../../src/core/audit/audit-entry.ts';
import type { PoolId } from '../../src/core/model/ids.ts';
import { crashSimulated } from '../../src/drivers/target/simulated/simulated-world.ts';
import type { Fault } from './fault.ts';
import type { FollowedRun, Moment } from './follow-run.ts';
import type { RunParts } from './simulated-run.ts';
import { strikeFault } from './strike-fault.ts';

/** What the audit log says of one kind, in its order. */
export function told<Kind extends AuditBody['kind']>(
  { audit }: FollowedRun,
  kind: Kind,
): readonly (Extract<AuditBody, { kind: Kind }> & { readonly atMs: number })[] {
  return audit.flatMap(({ atMs, body }) =>
    body.kind === kind ? [{ ...(body as Extract<AuditBody, { kind: Kind }>), atMs }] : [],
  );
}

/** The steps in the order in which they were first sent. */
export function stepsOf(run: FollowedRun): readonly string[] {
  return [...new Set(told(run, 'CommandIssued').map(({ step }) => step))];
}

export function causeOf(run: FollowedRun): string | undefined {
  return told(run, 'DeploymentEnded')[0]?.summary.cause?.failure.code;
}

/** The candidate's weights in their order, each as long as it lasted once. */
export function weightsOf({ moments }: FollowedRun): readonly number[] {
  const weights = moments.map(({ weights: { candidate } }) => candidate);
  return weights.filter((weight, at) => weight !== weights[at - 1]);
}

/** From the first moment on that is so. */
export function from(run: FollowedRun, isSo: (moment: Moment) => boolean): readonly Moment[] {
  const at = run.moments.findIndex(isSo);
  if (at < 0) throw new Error('There was no such moment.');
  return run.moments.slice(at);
}

/** The token of the first command of a revert is in force. */
export function isZeroed({ token }: Moment): boolean {
  return token.sequence >= 1_000_000;
}

/** Has a fault strike the run itself, and none of its calls. */
export function strike(fault: Fault): (parts: RunParts) => void {
  return (parts) => {
    const [process] = parts.processes;
    if (!process || !strikeFault(parts, { fault, process })) throw new Error(`No ${fault}.`);
  };
}

/** All instances of a pool end, and end again whenever they are started. */
export function endForGood({ surroundings }: RunParts, pool: PoolId, version: string): void {
  const { pools } = surroundings;
  pools.releases.set(version, 'exits');
  for (const { id } of pools.pools.get(pool)?.instances ?? []) crashSimulated(pools, id, '');
}
