import type { FailureCode } from '../failures.ts';

/** The folder with what the checks left that stopped a deployment; null when something else did. */
export function evidenceOfChecks(failure: {
  readonly code: FailureCode;
  readonly details?: Readonly<Record<string, unknown>> | null;
}): string | null {
  const evidence = failure.details?.['evidence'];
  return failure.code === 'validation-failed' && typeof evidence === 'string' ? evidence : null;
}
