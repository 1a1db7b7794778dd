/** What the command line says of an error, and with which exit code it ends. */
import { CommanderError } from 'commander';
import { bugFailure } from '../core/bug-failure.ts';
import { failureOf, failures, type Failure } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { CliSession } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { jsonLine } from './render/escape-text.ts';
import { failureLines } from './render/failure-lines.ts';

export function reportError(session: CliSession, error: unknown): number {
  // Its text is out already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  if (session.signal.aborted) return exitCode.interrupted;
  const failure = failureOfError(error);
  const { output, flags } = session;
  const { remedy, exitCode: code } = failures[failure.code];
  if (flags.json) output.warn(jsonLine({ error: { ...failure, remedy } }));
  else output.warn(...failureLines(failure, output.progressPaint));
  return code;
}

function failureOfError(error: unknown): Failure {
  if (error instanceof OperationalError) return error.failure;
  const fileError = error instanceof Error && 'syscall' in error && 'path' in error;
  if (fileError) return failureOf('state-directory-unusable', error.message);
  return bugFailure(error);
}
