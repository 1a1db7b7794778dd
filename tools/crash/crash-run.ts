/** One deployment in which one process is struck at one step, and what became of it. */
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import type { StatusAnswer } from '../../src/api/contract/answers.ts';
import { deploymentIdOf } from '../../src/core/model/ids.ts';
import { keeperStatus } from '../../src/platform/keeper-status.ts';
import { askSocket } from './ask-socket.ts';
import type { Blow } from './blow.ts';
import type { CrashStand } from './crash-stand.ts';
import { followAudit } from './follow-audit.ts';
import { complaintsAboutAudit } from './judge-audit.ts';
import { judgeEnd } from './judge-end.ts';
import { complaintsAboutPause } from './judge-pause.ts';
import { aimAt, type Strike } from './strike.ts';
import { complaintsAboutWire } from './wire/judge-wire.ts';
import { verbOf } from './wire/verb-of.ts';
import type { Victim } from './victim.ts';
import { watchRouting, type RoutingWatch } from './watch-routing.ts';

export interface CrashPlan {
  readonly victim: Victim;
  readonly blow: Blow;
  readonly step: string;
  /** The signal is sent when the record shows this of the step. */
  readonly moment: 'CommandIssued' | 'CommandSucceeded';
  /** How the deployment comes to its step: a good release, one that is aborted, one that does not start. */
  readonly way: 'good' | 'aborted' | 'broken';
}

export interface CrashRun {
  readonly plan: CrashPlan;
  readonly id: string;
  readonly release: string;
  readonly outcome: 'promoted' | 'reverted' | 'held' | 'running';
  /** Null when the step never came. */
  readonly strike: Strike | null;
  /** The last thing recorded before the signal. */
  readonly landedAt: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly violations: readonly string[];
  readonly audit: readonly AuditEntry[];
  readonly routing: RoutingWatch['changes'];
}

const RUN_MS_MAX = 120_000;
/** A good release is aborted here, when it has traffic to lose. */
const ABORTED_AFTER = 'shift-20';

export async function crashRun(stand: CrashStand, plan: CrashPlan): Promise<CrashRun> {
  const { serves, next } = await present(stand);
  const id = deploymentIdOf(next);
  const release = plan.way === 'broken' ? '3.1' : serves === '4.0' ? '2.0' : '4.0';
  const aim = await aimOf(stand, plan, next);
  const restarts = await restartsIn(stand);
  const watch = watchRouting(stand.directory);
  const fromMs = Date.now();
  const late = AbortSignal.timeout(RUN_MS_MAX);
  const over = new AbortController();
  const audit: AuditEntry[] = [];
  const struck: Promise<Strike | null>[] = [];
  // Awaited only at the end: until then a rejection would have no one to go to.
  const failures: string[] = [];
  const acts: Promise<unknown>[] = [];
  const note = (act: Promise<unknown>): void => {
    acts.push(act.catch((error: unknown) => failures.push(String(error))));
  };
  if (!aim.isAtEntry) struck.push(aim.strike());
  struck.forEach(note);
  const followed = followAudit(stand.directory, id, {
    signal: AbortSignal.any([late, over.signal]),
    onEntry(entry) {
      audit.push(entry);
      if (struck.length === 0 && isMoment(plan, entry)) {
        struck.push(aim.strike());
        struck.forEach(note);
      }
      if (plan.way === 'aborted' && isEnd(entry, ABORTED_AFTER)) note(abort(stand, id));
    },
  });
  const call = await stand.surefoot(['deploy', '--release', release, '--json'], undefined, late);
  over.abort();
  await followed;
  stand.tap?.disarm();
  await Promise.all(acts);
  const strike = failures.length === 0 ? ((await struck[0]) ?? null) : null;
  const end = late.aborted
    ? { outcome: 'running' as const, violations: [`${id} did not end in ${RUN_MS_MAX} ms.`] }
    : await judgeEnd(stand, id);
  await watch.stop();
  return {
    plan,
    id,
    release,
    outcome: end.outcome,
    strike,
    landedAt: landedAt(audit, strike),
    fromMs,
    toMs: Date.now(),
    violations: [
      ...failures,
      ...watch.complaints,
      ...end.violations,
      ...(await complaintsAboutOthers(stand, plan, restarts)),
      ...complaintsAboutCall(call, end.outcome),
      ...complaintsAboutStrike(plan, strike),
      ...complaintsAboutAudit(audit),
      ...complaintsAboutPause({ plan, strike, audit, routing: watch.changes }),
      ...complaintsAboutWire({ plan, strike, audit }),
    ],
    audit,
    routing: watch.changes,
  };
}

interface Aim {
  /** It is dealt when the record shows the plan's moment; otherwise it waits for its own. */
  readonly isAtEntry: boolean;
  strike(): Promise<Strike | null>;
}

async function aimOf(stand: CrashStand, plan: CrashPlan, next: number): Promise<Aim> {
  const { blow, step, victim } = plan;
  if (blow.kind !== 'wire') {
    return { isAtEntry: true, strike: await aimAt(stand, { victim, blow }, next) };
  }
  const { tap } = stand;
  if (!tap) throw new Error('This stand has no taps.');
  const { point } = blow;
  return { isAtEntry: false, strike: () => tap.arm({ point, step, verb: verbOf(step) }) };
}

/** Of every process by its name, as the keeper counts them. */
async function restartsIn({ directory }: CrashStand): Promise<ReadonlyMap<string, number>> {
  const status = await keeperStatus(directory);
  const restarts = (status?.roles ?? []).map(({ name, restarts: count }) => [name, count] as const);
  return new Map([...restarts, ['postgres', status?.postgres?.restarts ?? 0]]);
}

/** The end of one process must not be the end of another. */
async function complaintsAboutOthers(
  stand: CrashStand,
  { victim, blow }: CrashPlan,
  before: ReadonlyMap<string, number>,
): Promise<string[]> {
  const after = await restartsIn(stand);
  return [...before].flatMap(([name, count]) =>
    // Of the edge only the worker is killed, on the wires only a connection of PostgreSQL; what was
    // frozen goes on itself.
    (name === victim && isEnded(victim, blow)) || after.get(name) === count
      ? []
      : [`${name} ended too and was started again.`],
  );
}

function isEnded(victim: Victim, blow: Blow): boolean {
  switch (blow.kind) {
    case 'kill':
      return victim !== 'edge';
    case 'wire':
      return victim === 'server';
    case 'freeze':
      return false;
  }
}

/** What serves, and the number that the next deployment gets. */
async function present(stand: CrashStand): Promise<{ serves: string; next: number }> {
  const answer = await askSocket(stand.directory.serverSocket, '/v1/status');
  const [service] = (answer as StatusAnswer).services;
  if (!service?.stable) throw new Error('Nothing serves.');
  return { serves: service.stable.version, next: service.last.number + 1 };
}

function isMoment({ step, moment }: CrashPlan, { body }: AuditEntry): boolean {
  return body.kind === moment && body.step === step;
}

function isEnd({ body }: AuditEntry, step: string): boolean {
  return body.kind === 'CommandSucceeded' && body.step === step;
}

function abort(stand: CrashStand, id: string): Promise<unknown> {
  const body = { actor: 'crash-matrix', reason: 'to see the way back' };
  return askSocket(stand.directory.serverSocket, `/v1/deployments/${id}/abort`, body);
}

function landedAt(audit: readonly AuditEntry[], strike: Strike | null): string {
  if (!strike) return '';
  if (strike.what !== undefined) return strike.what;
  const before = audit.filter(({ at }) => Date.parse(at) <= strike.atMs).at(-1)?.body;
  if (!before) return 'before the first entry';
  return 'step' in before && typeof before.step === 'string'
    ? `${before.kind} ${before.step}`
    : before.kind;
}

function complaintsAboutStrike({ blow }: CrashPlan, strike: Strike | null): string[] {
  if (strike?.overAtMs !== null) return [];
  return blow.kind === 'freeze'
    ? [`Process ${strike.pid} was not stopped for all of its freeze.`]
    : [`Process ${strike.pid} lives on after its SIGKILL.`];
}

/** The command line lives through all of it and tells the end by its exit code. */
function complaintsAboutCall(
  call: { readonly exitCode: number; readonly stderr: string },
  outcome: CrashRun['outcome'],
): string[] {
  const expected = { promoted: 0, reverted: 3, held: 4, running: null }[outcome];
  if (expected === null || call.exitCode === expected) return [];
  return [`surefoot deploy exited with ${call.exitCode}, not ${expected}: ${call.stderr}`];
}
