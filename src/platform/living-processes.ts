/** All processes of this machine at one moment, by their group and by the launch that their environment names. */
import { readFileSync, readdirSync } from 'node:fs';
import { LAUNCH_VARIABLE, PART } from './launched-processes.ts';
import {
  readBootId,
  readStatusAtOnce,
  startedBefore,
  type ProcessIdentity,
} from './process-identity.ts';

export interface LivingProcesses {
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly launches: ReadonlyMap<string, readonly number[]>;
}

/** Nobody's launch is asked who is older than all of `leaders`. Empty where there is no /proc. */
export async function readLivingProcesses(
  leaders: readonly ProcessIdentity[],
): Promise<LivingProcesses> {
  const groups = new Map<number, number[]>();
  const launches = new Map<string, number[]>();
  if (process.platform !== 'linux') return { groups, launches };
  const bootId = await readBootId();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const status = Number.isInteger(pid) ? readStatusAtOnce(pid, bootId) : null;
    if (!status) continue;
    put(groups, status.group, pid);
    const launch = leaders.every((leader) => startedBefore(status, leader)) ? null : launchOf(pid);
    if (launch !== null) put(launches, launch, pid);
  }
  return { groups, launches };
}

/** Those of a leader's group, and those of its launch or a part of it, wherever they went. */
export function membersOf(
  { leader, launch }: { readonly leader: ProcessIdentity; readonly launch: string },
  { groups, launches }: LivingProcesses,
): readonly number[] {
  const launched = [...launches].flatMap(([found, pids]) =>
    found === launch || found.startsWith(`${launch}${PART}`) ? pids : [],
  );
  return [...new Set([...(groups.get(leader.pid) ?? []), ...launched])];
}

function put<Key>(all: Map<Key, number[]>, key: Key, pid: number): void {
  const found = all.get(key);
  if (found) found.push(pid);
  else all.set(key, [pid]);
}

const NAME = `${LAUNCH_VARIABLE}=`;

/** Null of what is gone, belongs to another user, or has none. To wait for each of hundreds would take far longer. */
function launchOf(pid: number): string | null {
  let environment;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Gone meanwhile, or of another user and thus not ours.
    return null;
  }
  const found = environment.split('\0').find((entry) => entry.startsWith(NAME));
  return found?.slice(NAME.length) ?? null;
}
