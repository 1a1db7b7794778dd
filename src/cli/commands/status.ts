import type { StatusAnswer } from '../../api/contract/answers.ts';
import { elapsedMs } from '../../platform/clock.ts';
import { versionDifference } from '../check-server-version.ts';
import { apiOf, type CliSession, type RegisterCommand } from '../cli-session.ts';
import { exitCode } from '../exit-code.ts';
import { isServerAway } from '../follow-deployment.ts';
import { jsonLine } from '../render/escape-text.ts';
import { statusLines } from '../render/status-lines.ts';
import { durationOption } from '../duration-option.ts';

interface StatusOptions {
  readonly timeout?: string;
}

const PAUSE_MS = 500;

/** Shows what serves; with --timeout waits until nothing is under way. */
export const registerStatus: RegisterCommand = (program, perform) => {
  const command = program
    .command('status')
    .description('show what serves, what runs and what is under way')
    .option(
      '--timeout <duration>',
      'wait until no deployment runs; exit code 5 when one still does',
    );
  perform<StatusOptions>(command, async (session, { timeout }) => {
    const api = apiOf(session);
    if (timeout === undefined) {
      show(session, await api.status());
      return exitCode.done;
    }
    const timeoutMs = durationOption('--timeout', timeout);
    const status = await untilSettled(session, () => api.status(), timeoutMs);
    show(session, status);
    if (status.services.some(({ last }) => last.status === 'running')) return exitCode.timedOut;
    const isHeld = status.services.some(({ last }) => last.status === 'held');
    return isHeld ? exitCode.held : exitCode.done;
  });
};

async function untilSettled(
  { environment: { clock }, signal }: CliSession,
  read: () => Promise<StatusAnswer>,
  timeoutMs: number,
): Promise<StatusAnswer> {
  const since = clock.monotonicNs();
  for (;;) {
    const isLate = elapsedMs(clock, since) >= timeoutMs;
    try {
      const status = await read();
      if (isLate || status.services.every(({ last }) => last.status !== 'running')) return status;
    } catch (error) {
      // A server that is being restarted; one that stays away is an error in the end.
      if (isLate || signal.aborted || !isServerAway(error)) throw error;
    }
    await clock.sleep(PAUSE_MS, signal);
  }
}

function show({ flags, output }: CliSession, status: StatusAnswer): void {
  const difference = versionDifference(status);
  if (difference !== null) output.warn(output.progressPaint.warn(`warning: ${difference}`));
  if (flags.json) output.result(jsonLine(status));
  else output.result(...statusLines(status, output));
}
