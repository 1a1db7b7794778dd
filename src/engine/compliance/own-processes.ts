/** The processes of Surefoot that run now, by what the keeper says. */
import { keeperStatus } from '../../platform/keeper-status.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';

export interface OwnProcess {
  readonly name: string;
  readonly pid: number;
}

/** The keeper first; null when Surefoot does not run. A role without a process is left out. */
export async function ownProcesses(
  directory: StateDirectory,
): Promise<readonly OwnProcess[] | null> {
  const status = await keeperStatus(directory);
  if (!status) return null;
  const roles = status.roles.flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
  return [{ name: 'keeper', pid: status.pid }, ...roles];
}
