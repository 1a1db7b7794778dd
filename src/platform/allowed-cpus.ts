/** Which processors this process may run on, and how another program is kept to some of them. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { OperationalError } from '../core/operational-error.ts';
import { findProgram } from './find-program.ts';

export interface AllowedCpus {
  readonly numbers: readonly number[];
  /** Absolute path of `taskset`; null where programs cannot be kept to processors. */
  readonly taskset: string | null;
}

export async function allowedCpus(searchPath: string): Promise<AllowedCpus> {
  const numbers = await readAllowed();
  if (numbers === null) {
    return {
      numbers: Array.from({ length: availableParallelism() }, (_, at) => at),
      taskset: null,
    };
  }
  return { numbers, taskset: await findTaskset(searchPath) };
}

/** Null where the system does not say. */
async function readAllowed(): Promise<readonly number[] | null> {
  if (process.platform !== 'linux') return null;
  const status = await readFile('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1];
  return list === undefined ? null : numbersIn(list);
}

/** `0-3,8` */
function numbersIn(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
}

async function findTaskset(searchPath: string): Promise<string | null> {
  try {
    return await findProgram('taskset', '/', searchPath);
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}
