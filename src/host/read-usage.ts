/** Reads what instances take up, each with all processes of its group. */
import type { InstanceUsage } from '../core/model/instance-usage.ts';
import type { Scope } from '../core/model/ids.ts';
import { isSameProcess, readProcessGroups } from '../platform/process-identity.ts';
import { readGroupUsage } from '../platform/process-usage.ts';
import type { InstanceLife } from './instance-life.ts';
import type { HostResources } from './pool-life.ts';

const NOT_TOLD: InstanceUsage['gauges'] = { memory: null, openFiles: null };

export async function readUsage(
  { pools }: Pick<HostResources, 'pools'>,
  scope: Scope,
): Promise<InstanceUsage[]> {
  const groups = await readProcessGroups();
  const lives = [...pools.values()]
    .filter(({ record }) => record.spec.scope === scope)
    .flatMap(({ instances }) => instances);
  return Promise.all(lives.map((life) => usageOf(life, groups)));
}

async function usageOf(
  life: InstanceLife,
  groups: ReadonlyMap<number, readonly number[]>,
): Promise<InstanceUsage> {
  const named = { pool: life.pool().spec.pool, instance: life.record.id };
  const leader = life.process?.identity ?? null;
  if (!leader || !(await isSameProcess(leader))) return { ...named, pid: null, gauges: NOT_TOLD };
  const usage = await readGroupUsage(leader, groups);
  const gauges = usage ? { memory: usage.memory, openFiles: usage.openFiles } : NOT_TOLD;
  return { ...named, pid: leader.pid, gauges };
}
