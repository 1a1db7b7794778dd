/** What a preview is made from, and what is known of one that is ready. */
import type { Clock } from '../../platform/clock.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import type { LookAtTarget } from './alive.ts';
import type { PreviewPlan } from './preview-plan.ts';

export interface RunningPreview {
  readonly host: string;
  readonly port: number;
  readonly leader: ProcessIdentity;
  readonly launch: string;
  readonly look: LookAtTarget;
}

/** What is needed to make one. */
export interface BringingUp {
  readonly plan: PreviewPlan;
  /** What is checked, with what checks have made there. */
  readonly base: string;
  /** Made here; gone in the end. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly secretValues: readonly string[];
  readonly log: (line: string) => void;
  /** A sentence, with the last that was printed by then. */
  readonly said: (sentence: string) => string;
  /** Gives up before it is ready. */
  readonly signal: AbortSignal;
  /** Says how what was begun is undone. */
  readonly undo: (step: () => Promise<void>) => void;
}
