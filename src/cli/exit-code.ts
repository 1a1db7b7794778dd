/** What a command says to the shell that called it. */
import type { DeploymentSummary } from '../core/deployment/deployment-summary.ts';

export const exitCode = {
  done: 0,
  internal: 1,
  usage: 2,
  reverted: 3,
  held: 4,
  timedOut: 5,
  busy: 6,
  interrupted: 130,
} as const;

export function exitCodeOfOutcome(outcome: DeploymentSummary['outcome']): number {
  switch (outcome) {
    case 'promoted':
      return exitCode.done;
    case 'reverted':
      return exitCode.reverted;
    case 'held':
      return exitCode.held;
  }
}
