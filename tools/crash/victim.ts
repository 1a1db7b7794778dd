/** Whom a crash run kills, at which steps that can be done, and how the process is found. */
import { deploymentIdOf, poolIdOf, type DeploymentId } from '../../src/core/model/ids.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { readInstances } from './outside-view.ts';
import { childrenOf, findProcess, type LivingProcess } from './process-table.ts';

export const victims = ['server', 'host', 'edge', 'postgres', 'candidate'] as const;
export type Victim = (typeof victims)[number];

/** Clients must not notice their end: nothing of theirs runs through these processes. */
export function isUnseenByClients(victim: Victim): boolean {
  return victim === 'server' || victim === 'host' || victim === 'postgres';
}

const forwardSteps = [
  ...['check-environment', 'probe-stable', 'check-balancer', 'start-candidate', 'probe-candidate'],
  ...['shift-20', 'judge-20', 'shift-50', 'judge-50', 'shift-100', 'judge-100'],
  ...[
    'verify-service',
    'settle-candidate',
    'settle-split',
    'drain-old',
    'retire-old',
    'forget-old',
  ],
] as const;

const revertSteps = [
  ...['zero-candidate', 'restore-stable', 'reprobe-stable', 'reverify-service'],
  ...['drain-candidate', 'stop-candidate', 'forget-candidate', 'verify-state'],
] as const;

export function isOnTheWayBack(step: string): boolean {
  return revertSteps.some((known) => known === step);
}

const withoutCandidate = new Set([
  ...['check-environment', 'probe-stable', 'check-balancer'],
  ...['forget-candidate', 'verify-state'],
]);

/** In the order of the protocol; for the candidate only those at which it has a process. */
export function stepsOf(victim: Victim): readonly string[] {
  const all: readonly string[] = [...forwardSteps, ...revertSteps];
  return victim === 'candidate' ? all.filter((step) => !withoutCandidate.has(step)) : all;
}

export function deploymentIdFor(number: number): DeploymentId {
  return deploymentIdOf(number);
}

/** Found before the run, so that nothing stands between the event and the signal. */
export async function findVictim(
  stand: NewsroomStand,
  victim: Exclude<Victim, 'candidate'>,
): Promise<LivingProcess> {
  const pid = await stand.pidOf(victim);
  const found = victim === 'edge' ? (await childrenOf(pid))[0] : await findProcess(pid);
  if (!found) throw new Error(`The process of ${victim} is not there.`);
  return found;
}

/** An instance of the deployment's candidate; null while none has a process. */
export async function findCandidate(
  stand: NewsroomStand,
  deployment: number,
): Promise<LivingProcess | null> {
  const pool = poolIdOf('production', 'newsroom', deployment);
  const pools = await readInstances(stand.directory);
  const pid = pools.find((seen) => seen.pool === pool)?.pids[0];
  return pid === undefined ? null : findProcess(pid);
}
