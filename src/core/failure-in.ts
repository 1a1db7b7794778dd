import { bugFailure } from './bug-failure.ts';
import type { Failure } from './failures.ts';
import { OperationalError } from './operational-error.ts';

/** What an error says that an operation threw; one that nobody throws on purpose is a bug. */
export function failureIn(error: unknown): Failure {
  return error instanceof OperationalError ? error.failure : bugFailure(error);
}
