/** Shows a deployment until it has ended. Leaving early never touches the deployment. */
import type { EventLine } from '../api/contract/answers.ts';
import type { Plan } from '../core/plan/plan.ts';
import { operationalError } from '../core/operational-error.ts';
import { apiOf, type CliSession } from './cli-session.ts';
import { exitCode, exitCodeOfOutcome } from './exit-code.ts';
import { followDeployment, type FollowLine } from './follow-deployment.ts';
import { openDisplay } from './open-display.ts';
import { advanceView, viewOf } from './render/deployment-view.ts';
import { jsonLine } from './render/escape-text.ts';
import { outcomeLines } from './render/outcome-lines.ts';
import { untilAnswered } from './until-answered.ts';

export async function attachDeployment(
  session: CliSession,
  id: string,
  options: {
    readonly timeoutMs?: number;
    /** A pipeline does not wait for people: it is told that it must be approved. */
    readonly leavesForApproval?: boolean;
  } = {},
): Promise<number> {
  const { environment, output, flags } = session;
  const api = apiOf(session);
  // Heard from the beginning, so that no event is shown twice and none is missed.
  const late = new AbortController();
  const timer = options.timeoutMs && setTimeout(() => late.abort(), options.timeoutMs);
  const signal = AbortSignal.any([session.signal, late.signal]);
  const detail = await untilAnswered({ ...session, signal }, () => api.deployment(id)).catch(
    (error: unknown) => leaving(session, id, late.signal, error),
  );
  if (typeof detail === 'number') return detail;
  const display = await openDisplay(session, detail.plan);
  let view = viewOf(detail.plan);
  try {
    for await (const line of followDeployment(api, id, { signal, clock: environment.clock })) {
      view = advanceView(view, line);
      if (flags.json && isForMachines(line)) output.result(jsonLine(withoutLook(line)));
      display.show(view, line);
      if (options.leavesForApproval && isAwaiting(line)) {
        display.close();
        return awaiting(session, id, detail.planDigest);
      }
    }
  } catch (error) {
    display.close();
    return leaving(session, id, late.signal, error);
  } finally {
    clearTimeout(timer);
  }
  display.close();
  const { summary } = view;
  if (!summary) throw operationalError('version-differs', `The record of ${id} has no end.`);
  showOutcome(session, detail.plan, summary);
  return exitCodeOfOutcome(summary.outcome);
}

function showOutcome(
  { flags, output }: CliSession,
  plan: Plan,
  summary: Parameters<typeof outcomeLines>[1],
): void {
  if (!flags.json) output.result(...outcomeLines(plan, summary, output.paint));
}

function isAwaiting(line: FollowLine): boolean {
  if (line.kind !== 'audit') return false;
  const { body } = line.entry;
  return body.kind === 'CommandIssued' && body.action.kind === 'await-approval';
}

function awaiting({ output }: CliSession, id: string, planDigest: string): number {
  output.warn(
    '',
    `${id} waits for approval; it goes on without this command.`,
    `  to approve of it:  surefoot approve ${id} --plan ${planDigest}`,
    `  to see it again:   surefoot watch ${id}`,
  );
  return exitCode.timedOut;
}

/** Heartbeats and what the command itself noticed are nobody's data. */
function isForMachines(line: FollowLine): line is EventLine {
  return line.kind === 'audit' || line.kind === 'progress';
}

/** A line a second; what stands behind it is told by `surefoot explain --json`. */
function withoutLook(line: EventLine): EventLine {
  if (line.kind !== 'progress') return line;
  const { kind, step, text } = line;
  return { kind, step, text };
}

/** Ctrl-C and a passed time-out leave; everything else is an error. */
function leaving(session: CliSession, id: string, late: AbortSignal, error: unknown): number {
  if (!session.signal.aborted && !late.aborted) throw error;
  const { output } = session;
  const isLate = !session.signal.aborted;
  output.warn(
    '',
    isLate ? `${id} has not ended in time; it goes on.` : `${id} goes on without this terminal.`,
    `  to see it again:  surefoot watch ${id}`,
    `  to take it back:  surefoot abort ${id} --reason <why>`,
  );
  return isLate ? exitCode.timedOut : exitCode.interrupted;
}
