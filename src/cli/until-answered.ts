/** Repeats a call that may be repeated while the server is being restarted. */
import type { CliSession } from './cli-session.ts';
import { isServerAway } from './follow-deployment.ts';

const PAUSE_MS = 250;

export async function untilAnswered<Answer>(
  { environment, output, signal }: CliSession,
  call: () => Promise<Answer>,
): Promise<Answer> {
  let isTold = false;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !isServerAway(error)) throw error;
      if (!isTold) output.progress(output.progressPaint.warn('The server is away; waiting.'));
      isTold = true;
    }
    await environment.clock.sleep(PAUSE_MS, signal);
  }
}
