/**
 * Reads what instances take up. Resident memory is what the system says of each process, summed over its
 * group: what processes share counts for each of them. A proportional share would be fairer, but to find it
 * the system walks all of a process's memory while the process itself waits for new one.
 */
import { readFile, readdir } from 'node:fs/promises';
import type { GaugeName, InstanceUsage } from '../core/model/instance-usage.ts';
import type { Scope } from '../core/model/ids.ts';
import { isSameProcess, readProcessGroups } from '../platform/process-identity.ts';
import type { InstanceLife } from './instance-life.ts';
import type { HostResources } from './pool-life.ts';

type Gauges = InstanceUsage['gauges'];

const NOT_TOLD: Gauges = { memory: null, openFiles: null };
const NOTHING: Gauges = { memory: 0, openFiles: 0 };

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
  const { pid } = leader;
  const all = await Promise.all((groups.get(pid) ?? []).map(gaugesOf));
  // A leader that ended meanwhile has taken its group's number with it.
  const isKnown = all.length > 0 && (await isSameProcess(leader));
  return { ...named, pid, gauges: isKnown ? all.reduce(added, NOTHING) : NOT_TOLD };
}

async function gaugesOf(pid: number): Promise<Gauges> {
  const [memory, openFiles] = await Promise.all([
    unlessEnded(readResidentBytes(pid)),
    unlessEnded(readdir(`/proc/${pid}/fd`).then((names) => names.length)),
  ]);
  return { memory, openFiles };
}

const RESIDENT = /^VmRSS:\s+(\d+) kB$/m;

async function readResidentBytes(pid: number): Promise<number> {
  const match = RESIDENT.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
  // Between its end and its parent's notice a process has no memory any more.
  return Number(match?.[1] ?? 0) * 1_024;
}

/** A process that ended since it was listed takes up nothing; one that can't be read is not told. */
async function unlessEnded(value: Promise<number>): Promise<number | null> {
  try {
    return await value;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT' || code === 'ESRCH') return 0;
    if (code === 'EACCES' || code === 'EPERM') return null;
    throw error;
  }
}

function added(left: Gauges, right: Gauges): Gauges {
  const sum = (name: GaugeName): number | null => {
    const [one, other] = [left[name], right[name]];
    return one === null || other === null ? null : one + other;
  };
  return { memory: sum('memory'), openFiles: sum('openFiles') };
}
