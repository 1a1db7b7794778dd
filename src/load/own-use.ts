/** What the generator takes of its own machine: a whole core is all that one event loop can use. */
import { performance } from 'node:perf_hooks';

export interface OwnUse {
  /** Processor time by time, of all threads. */
  readonly cpuShare: number;
  readonly loopShare: number;
}

/** From now on, up to each call of what it returns. */
export function watchOwnUse(): () => OwnUse {
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const loop = performance.eventLoopUtilization();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const elapsedUs = (performance.now() - startedMs) * 1_000;
    return {
      cpuShare: (user + system) / elapsedUs,
      loopShare: performance.eventLoopUtilization(loop).utilization,
    };
  };
}
