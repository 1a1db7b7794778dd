/** Reads what instances take up, each with all processes that it has started. */
import type { InstanceUsage } from '../core/model/instance-usage.ts';
import type { Scope } from '../core/model/ids.ts';
import { readLivingProcesses, type LivingProcesses } from '../platform/living-processes.ts';
import { isSameProcess } from '../platform/process-identity.ts';
import { readLaunchUsage } from '../platform/process-usage.ts';
import type { InstanceLife } from './instance-life.ts';
import type { HostResources } from './pool-life.ts';

const NOT_TOLD: InstanceUsage['gauges'] = { memory: null, openFiles: null };

export async function readUsage(
  { pools }: Pick<HostResources, 'pools'>,
  scope: Scope,
): Promise<InstanceUsage[]> {
  const lives = [...pools.values()]
    .filter(({ record }) => record.spec.scope === scope)
    .flatMap(({ instances }) => instances);
  const leaders = lives.flatMap(({ process: running }) => running?.identity ?? []);
  const living = await readLivingProcesses(leaders);
  return Promise.all(lives.map((life) => usageOf(life, living)));
}

async function usageOf(life: InstanceLife, living: LivingProcesses): Promise<InstanceUsage> {
  const named = { pool: life.pool().spec.pool, instance: life.record.id };
  const { identity: leader = null, launch } = life.process ?? {};
  if (!leader || launch === undefined || !(await isSameProcess(leader)))
    return { ...named, pid: null, gauges: NOT_TOLD };
  const usage = await readLaunchUsage({ leader, launch }, living);
  const gauges = usage ? { memory: usage.memory, openFiles: usage.openFiles } : NOT_TOLD;
  return { ...named, pid: leader.pid, gauges };
}
