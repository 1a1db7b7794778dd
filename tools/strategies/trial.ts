import type { FirstFailures } from '../../src/core/model/routing.ts';
import type { DeploySpan } from '../demo/deploy-span.ts';
import type { Fault } from './fault-of.ts';

/** One deployment of the run. */
export interface Trial {
  readonly strategy: string;
  readonly fault: Fault | null;
  readonly span: DeploySpan;
  /** As the edge tells them when the deployment has ended. */
  readonly firstFailures: FirstFailures;
}
