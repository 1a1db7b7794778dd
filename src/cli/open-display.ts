/** Where a deployment's events are shown: in place on a terminal, as lines elsewhere. */
import type { Plan } from '../core/plan/plan.ts';
import { elapsedMs, type Clock } from '../platform/clock.ts';
import type { CliSession } from './cli-session.ts';
import type { FollowLine } from './follow-deployment.ts';
import type { DeploymentView } from './render/deployment-view.ts';
import { eventLines, type EventStyle } from './render/event-lines.ts';
import { liveFrame } from './render/live-frame.ts';
import { wantsLive } from './render/paint.ts';

const PROGRESS_EVERY_MS = 10_000;

export interface Display {
  /** `view` is what is known after `line`. */
  readonly show: (view: DeploymentView, line: FollowLine) => void;
  /** Leaves the terminal as it was found. */
  readonly close: () => void;
}

export async function openDisplay(session: CliSession, plan: Plan): Promise<Display> {
  const { environment, flags, output } = session;
  const { progressPaint: paint, signs } = output;
  const style = { paint, signs, withProgress: true, isVerbose: flags.verbose === true };
  if (flags.quiet) return { show: () => undefined, close: () => undefined };
  if (!flags.json && wantsLive(environment.env, environment.stderr)) {
    return openLiveDisplay(session, plan, { ...style, withProgress: false });
  }
  const isDue = progressFilter(environment.clock, flags.verbose ? 0 : PROGRESS_EVERY_MS);
  return {
    show: (_view, line) => {
      // With --json the events themselves are on stdout; only what they cannot say is said here.
      if (flags.json && line.kind !== 'away' && line.kind !== 'back') return;
      if (isDue(line)) output.progress(...eventLines(plan, line, style));
    },
    close: () => undefined,
  };
}

/** A step that waits says so every second; in a log that lasts, now and then is enough. */
function progressFilter(clock: Clock, everyMs: number): (line: FollowLine) => boolean {
  let last: { readonly step: string; readonly atNs: bigint } | null = null;
  return (line) => {
    if (line.kind !== 'progress') return true;
    if (last?.step === line.step && elapsedMs(clock, last.atNs) < everyMs) return false;
    last = { step: line.step, atNs: clock.monotonicNs() };
    return true;
  };
}

async function openLiveDisplay(
  { environment }: CliSession,
  plan: Plan,
  style: EventStyle,
): Promise<Display> {
  const { createLogUpdate } = await import('log-update');
  // The cursor stays: whoever ends this process half-way must not be left without one.
  const frame = createLogUpdate(environment.stderr, { showCursor: true });
  return {
    show(view, line) {
      const lines = eventLines(plan, line, style);
      if (lines.length > 0) frame.persist(lines.join('\n'));
      const { columns = 80, rows = 24 } = environment.stderr;
      const live = liveFrame(view, { paint: style.paint, signs: style.signs, columns, rows });
      if (live.length > 0) frame(live.join('\n'));
      else frame.clear();
    },
    close() {
      frame.clear();
      frame.done();
    },
  };
}
