/** What a freeze may do to a deployment: shorter than the lease nothing, longer than it the lease's work. */
import { FREEZE_LEASE_MS, LONG_FREEZE_MS } from './blow.ts';
import type { CrashRun } from './crash-run.ts';

/** The split was read anew by then. */
const SEEN_MS = 200;
/** Until a server takes the silence of its database for a loss, and renews no lease any more. */
const SILENCE_MS = 3_000;
/** For the edge's tick, the look at it, and a busy machine. */
const SLACK_MS = 1_000;

export function complaintsAboutPause(
  run: Pick<CrashRun, 'plan' | 'strike' | 'audit' | 'routing'>,
): readonly string[] {
  const { plan, strike } = run;
  if (plan.blow.kind !== 'freeze' || strike === null) return [];
  return plan.blow.forMs < LONG_FREEZE_MS ? shortPause(run) : longPause(run);
}

function shortPause({ plan, audit }: Pick<CrashRun, 'plan' | 'audit'>): readonly string[] {
  const isLeaseLost = audit.some(
    ({ body }) => body.kind === 'DeploymentReverted' && body.cause.failure.code === 'lease-lost',
  );
  return isLeaseLost
    ? [`A freeze of ${plan.victim} that was shorter than the lease cost the deployment its lease.`]
    : [];
}

/** Nobody renews the lease while server or database stand still: the edge gives the traffic back. */
function longPause(run: Pick<CrashRun, 'plan' | 'strike' | 'routing'>): readonly string[] {
  const { plan, strike, routing } = run;
  if (strike === null || (plan.victim !== 'server' && plan.victim !== 'postgres')) return [];
  const seen = routing.filter(({ atMs }) => atMs <= strike.sentAtMs + SEEN_MS).at(-1);
  if (seen?.hasLease !== true) return [];
  const noticedMs = plan.victim === 'postgres' ? SILENCE_MS : 0;
  const limitMs = FREEZE_LEASE_MS + noticedMs + SLACK_MS;
  const back = routing.find(
    ({ atMs, isStableAlone }) => atMs > seen.atMs && isStableAlone && atMs <= strike.atMs + limitMs,
  );
  return back
    ? []
    : [`The candidate kept its traffic for more than ${limitMs} ms of a freeze of ${plan.victim}.`];
}
