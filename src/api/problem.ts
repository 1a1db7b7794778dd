/** Turns a failure into RFC 9457 problem+json; the one place where the API answers with an error. */
import type { Context } from 'hono';
import { failureOf, failures, type Failure } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Log } from '../platform/log.ts';
import { isDisconnect } from '../store/database.ts';
import type { ProblemAnswer } from './contract/answers.ts';

export function problemResponse(context: Context, failure: Failure): Response {
  const { httpStatus, summary } = failures[failure.code];
  const problem: ProblemAnswer = {
    type: `https://surefoot.dev/failures#${failure.code}`,
    title: summary,
    status: httpStatus,
    detail: failure.message,
    code: failure.code,
    effect: failure.effect,
    ...(failure.details && { details: failure.details }),
  };
  return context.body(JSON.stringify(problem), httpStatus, {
    'content-type': 'application/problem+json',
  });
}

export function failureOfError(error: unknown, log: Log): Failure {
  if (error instanceof OperationalError) return error.failure;
  if (isDisconnect(error)) {
    return failureOf('database-unreachable', 'PostgreSQL does not answer.', { effect: 'unknown' });
  }
  log.error('a request failed by a bug', { error });
  const message = error instanceof Error ? error.message : String(error);
  return failureOf('internal-error', message, { effect: 'unknown' });
}
