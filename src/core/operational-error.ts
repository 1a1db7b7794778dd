import { failureOf, type Effect, type Failure, type FailureCode } from './failures.ts';

/** A failure on its way up: thrown by drivers and agents, turned into data where it is handled. */
export class OperationalError extends Error {
  override readonly name = 'OperationalError';
  readonly failure: Failure;

  constructor(failure: Failure, options: { cause?: unknown } = {}) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** Shorthand for the common case: code, message, effect, details and cause in one call. */
export function operationalError(
  code: FailureCode,
  message: string,
  options: { effect?: Effect; details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
): OperationalError {
  return new OperationalError(failureOf(code, message, options), { cause: options.cause });
}
