/** One question before something is changed; without a terminal there is nobody to ask. */
import type { CliSession } from './cli-session.ts';
import { exitCode } from './exit-code.ts';
import { usageError } from './usage-error.ts';

/** Whether somebody can be asked: input comes from a terminal and the question would be seen. */
export function canAsk({ environment }: CliSession): boolean {
  return environment.stdin.isTTY === true && environment.stderr.isTTY === true;
}

/** Null when confirmed, otherwise the exit code. */
export async function confirm(
  session: CliSession,
  question: { readonly message: string; readonly instead: string },
): Promise<number | null> {
  const { environment, output, signal } = session;
  if (!canAsk(session)) {
    throw usageError(`There is no terminal to confirm on. To go ahead, type: ${question.instead}`);
  }
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({
    message: question.message,
    initialValue: false,
    input: environment.stdin,
    output: environment.stderr,
    signal,
  });
  if (answer === true) return null;
  output.warn('Nothing was changed.');
  return prompts.isCancel(answer) ? exitCode.interrupted : exitCode.usage;
}
