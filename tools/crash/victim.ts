/** Whom a crash run strikes, and how the process is found. */
import { poolIdOf } from '../../src/core/model/ids.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { readInstances, readRouting } from './read-routing.ts';
import { childrenOf, findProcess, type LivingProcess } from './process-table.ts';

export const victims = ['server', 'host', 'edge', 'postgres', 'candidate', 'stable'] as const;
export type Victim = (typeof victims)[number];

/** Found before the run, so that nothing stands between the event and the signal. */
export async function findVictim(
  stand: NewsroomStand,
  victim: Exclude<Victim, 'candidate'>,
): Promise<LivingProcess> {
  if (victim === 'stable') return findStable(stand);
  const pid = await stand.pidOf(victim);
  const found = victim === 'edge' ? (await childrenOf(pid))[0] : await findProcess(pid);
  if (!found) throw new Error(`The process of ${victim} is not there.`);
  return found;
}

/** An instance of the release that serves before the deployment begins. */
async function findStable({ directory }: NewsroomStand): Promise<LivingProcess> {
  const routing = await readRouting(directory);
  const serving = routing?.pools.find(({ weight }) => weight === 100);
  const pools = await readInstances(directory);
  const pid = pools.find(({ pool }) => pool === serving?.pool)?.pids[0];
  const found = pid === undefined ? null : await findProcess(pid);
  if (!found) throw new Error('No instance of the release that serves is there.');
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
