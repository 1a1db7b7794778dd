import { failureOf, type Failure } from './failures.ts';

/** Of an error that nobody throws on purpose: with its stack, and whatever it did is unknown. */
export function bugFailure(error: unknown): Failure {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failureOf('internal-error', text, { effect: 'unknown' });
}
