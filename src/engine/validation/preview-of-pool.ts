/** One instance of a planned pool, as a preview of it is. */
import type { PlannedPool, PlannedProbe, PlannedService } from '../../core/plan/plan.ts';
import type { PreviewDeclaration } from '../../core/validation/planned-validation.ts';
import type { DriverEnvironment } from '../../drivers/contract.ts';
import type { ConnectDriver } from '../connect-driver.ts';
import { previewPlanOf, type PreviewPlan } from './preview-plan.ts';

export function previewOfPool(
  declared: PreviewDeclaration,
  { command, stopGraceMs, artifact, release }: PlannedPool,
  given: {
    readonly target: PlannedService['target'];
    readonly probes: readonly PlannedProbe[];
    readonly env: Readonly<Record<string, string>>;
    readonly connect: ConnectDriver;
    readonly agents: DriverEnvironment;
    readonly restore?: PreviewPlan['restore'];
  },
): PreviewPlan {
  const { target, env, connect, agents, restore = null } = given;
  // A plan holds these of the target by themselves.
  const config = { ...(target.config as object), command, stopGrace: stopGraceMs };
  return previewPlanOf(declared, {
    ...{ artifact: artifact.path, release, env, restore, target: { ...target, config } },
    probes: given.probes.map((probe) => ({
      name: probe.name,
      probe: connect('probe', probe, agents),
    })),
  });
}
