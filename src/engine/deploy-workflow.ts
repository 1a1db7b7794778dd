/** A deployment as a durable workflow. Frozen once released: what changes becomes `deployV2`. */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { DBOSError } from '@dbos-inc/dbos-sdk/internal/error';
import { carryOutDeployment, type DurableSteps } from './carry-out-deployment.ts';
import type { DrivenDeployments } from './driven-deployments.ts';
import type { EngineContext } from './engine-context.ts';

export type DeployWorkflow = (deployment: number, resumption: number) => Promise<string>;

/** A crash loop in a long watch must not end unseen: far more recoveries than any deployment needs. */
const RECOVERIES_MAX = 1_000_000;

export const durableSteps: DurableSteps = {
  run: (name, work) => DBOS.runStep(work, { name }),
  isDisowned: (error) => error instanceof DBOSError,
};

export function registerDeployWorkflow(
  engine: EngineContext,
  driven: DrivenDeployments,
): DeployWorkflow {
  return DBOS.registerWorkflow(
    async function deployV1(deployment: number, resumption: number): Promise<string> {
      return await driven.while(deployment, () =>
        carryOutDeployment(engine, deployment, durableSteps, resumption),
      );
    },
    { name: 'deployV1', maxRecoveryAttempts: RECOVERIES_MAX },
  );
}
