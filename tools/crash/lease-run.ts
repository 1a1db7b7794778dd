/**
 * What becomes of a candidate's traffic when nobody controls it any more: keeper and server are
 * killed, and the edge gives the traffic back by itself when the lease has run out.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import type { StatusAnswer } from '../../src/api/contract/answers.ts';
import { deploymentIdOf } from '../../src/core/model/ids.ts';
import { cutHistory } from '../load/history.ts';
import { askSocket } from './ask-socket.ts';
import { crashRollout, openCrashStand, type CrashStand } from './crash-stand.ts';
import { followAudit } from './follow-audit.ts';
import { judgeEnd, readRecord } from './judge-end.ts';
import { readRouting } from './read-routing.ts';
import { findProcess, isAlive, type LivingProcess } from './process-table.ts';

export interface LeaseRun {
  readonly weight: number;
  readonly leaseMs: number;
  /** From the server's death until the edge said that the candidate has no traffic. */
  readonly givenBackMs: number;
  /** From the server's death until the last answer of the candidate that a client saw began. */
  readonly lastAnswerMs: number | null;
  readonly outcome: string;
  readonly cause: string;
  readonly clientErrors: number;
  readonly violations: readonly string[];
}

interface Lapse extends Omit<LeaseRun, 'clientErrors' | 'lastAnswerMs'> {
  readonly release: string;
  readonly deadAtMs: number;
  readonly upAtMs: number;
  readonly toMs: number;
}

const POLL_MS = 20;
/** The edge looks at its leases forty times a second; the rest is for a busy machine. */
const SLACK_MS = 500;

export async function leaseRun(
  weights: readonly number[],
  say: (line: string) => void,
  leaseMs = 10_000,
): Promise<readonly LeaseRun[]> {
  const rollout = { ...crashRollout, lease: `${leaseMs}ms` };
  const stand = await openCrashStand({ rollout });
  try {
    const lapses: Lapse[] = [];
    for (const weight of weights) {
      const lapse = await lapseAt(stand, weight, leaseMs);
      say(`server dead at ${weight} %: traffic back after ${Math.round(lapse.givenBackMs)} ms`);
      lapses.push(lapse);
    }
    const { history } = await stand.endLoad();
    return lapses.map(({ release, deadAtMs, upAtMs, toMs, ...run }) => {
      const outcomes = cutHistory(history, deadAtMs, toMs);
      const answered = cutHistory(history, deadAtMs, upAtMs).filter(
        ({ version, kind }) => version === release && kind !== 'sse' && kind !== 'ws',
      );
      const clientErrors = outcomes.filter(({ outcome }) => outcome !== 'ok').length;
      const last = Math.max(...answered.map(({ startedAtMs }) => startedAtMs));
      const lastAnswerMs = answered.length === 0 ? null : Math.round(last - deadAtMs);
      return {
        ...run,
        lastAnswerMs,
        clientErrors,
        violations: [
          ...run.violations,
          ...(clientErrors === 0 ? [] : [`Clients saw ${clientErrors} errors.`]),
          ...(lastAnswerMs !== null && lastAnswerMs > leaseMs + SLACK_MS
            ? [`The candidate answered a client ${lastAnswerMs} ms after the end.`]
            : []),
        ],
      };
    });
  } finally {
    await stand.close();
  }
}

async function lapseAt(stand: CrashStand, weight: number, leaseMs: number): Promise<Lapse> {
  const answer = await askSocket(stand.directory.serverSocket, '/v1/status');
  const [service] = (answer as StatusAnswer).services;
  if (!service) throw new Error('Nothing serves.');
  const id = deploymentIdOf(service.last.number + 1);
  const release = '4.0';
  const killed = await killControllersAt(stand, { id, release, step: `shift-${weight}` });
  const givenBackMs = await untilGivenBack(stand, release, killed);
  const upAtMs = Date.now();
  const up = await stand.surefoot(['up']);
  const call = await stand.surefoot(['watch', id, '--json']);
  const end = await judgeEnd(stand, id);
  const record = await readRecord(stand, id);
  const cause = record.summary?.cause?.failure.message ?? 'none';
  return {
    weight,
    leaseMs,
    release,
    deadAtMs: killed.atMs,
    upAtMs,
    toMs: Date.now(),
    givenBackMs,
    outcome: end.outcome,
    cause,
    violations: [
      ...end.violations,
      ...(givenBackMs > leaseMs + SLACK_MS ? [`Given back only after ${givenBackMs} ms.`] : []),
      ...(up.exitCode === 0 ? [] : [`surefoot up exited with ${up.exitCode}: ${up.stderr}`]),
      ...(call.exitCode === 3 ? [] : [`surefoot watch exited with ${call.exitCode}.`]),
      ...(end.outcome === 'reverted' ? [] : [`The deployment was ${end.outcome}.`]),
    ],
  };
}

interface Killed {
  readonly atMs: number;
  readonly atNs: bigint;
}

/** Both at once, the keeper first, so that nobody starts the server again. */
async function killControllersAt(
  stand: CrashStand,
  { id, release, step }: { readonly id: string; readonly release: string; readonly step: string },
): Promise<Killed> {
  const targets: LivingProcess[] = [];
  for (const name of ['keeper', 'server']) {
    const found = await findProcess(await stand.pidOf(name));
    if (!found) throw new Error(`The ${name} is not there.`);
    targets.push(found);
  }
  const over = new AbortController();
  const killed: Killed[] = [];
  const followed = followAudit(stand.directory, id, {
    signal: over.signal,
    onEntry({ body }: AuditEntry) {
      if (killed.length > 0 || body.kind !== 'CommandSucceeded' || body.step !== step) return;
      for (const { pid } of targets) process.kill(pid, 'SIGKILL');
      killed.push({ atMs: Date.now(), atNs: process.hrtime.bigint() });
      over.abort();
    },
  });
  const begun = await stand.surefoot(['deploy', '--release', release, '--detach', '--json']);
  if (begun.exitCode !== 0) throw new Error(`deploy failed: ${begun.stderr}`);
  await followed;
  const [first] = killed;
  if (!first) throw new Error(`${id} ended before ${step}.`);
  while ((await Promise.all(targets.map(isAlive))).some(Boolean)) await delay(POLL_MS);
  return first;
}

async function untilGivenBack(
  stand: CrashStand,
  release: string,
  { atNs }: Killed,
): Promise<number> {
  for (;;) {
    const routing = await readRouting(stand.directory);
    const candidate = routing?.pools.find(({ version }) => version === release);
    if (candidate?.weight === 0) return Number(process.hrtime.bigint() - atNs) / 1e6;
    await delay(POLL_MS);
  }
}

export function leaseTable(runs: readonly LeaseRun[]): string {
  return runs
    .map(
      ({ weight, leaseMs, givenBackMs, lastAnswerMs, outcome, cause, clientErrors, violations }) =>
        `at ${String(weight).padStart(3)} %: given back ${Math.round(givenBackMs)} ms after the server's death (lease ${leaseMs} ms), ` +
        `last answer of the candidate after ${lastAnswerMs ?? '–'} ms, ${outcome} (${cause}), ` +
        `${clientErrors} client errors${violations.map((violation) => `\n  ✗ ${violation}`).join('')}`,
    )
    .join('\n');
}
