/** Gives the proxy a core of its own; the load and the upstream share another. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const TASKSET = '/usr/bin/taskset';
const cores = { proxy: '1', load: '0' } as const;

export const arePinned = existsSync(TASKSET) && availableParallelism() >= 2;

/** The program and its arguments as `spawn` takes them. */
export function onCore(
  part: keyof typeof cores,
  program: string,
  args: readonly string[],
): [string, string[]] {
  return arePinned ? [TASKSET, ['-c', cores[part], program, ...args]] : [program, [...args]];
}
