/** The host as a process of its own: runs until SIGTERM or SIGINT; instances live on after it. */
import { systemClock, type Clock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import type { StateDirectory } from '../platform/state-directory.ts';
import { startHost } from './host.ts';

export interface HostProcessOptions {
  readonly stateDirectory: StateDirectory;
  readonly clock?: Clock;
}

/** Resolves when the host was told to end and has ended. */
export async function runHost(options: HostProcessOptions): Promise<void> {
  const told = new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  const host = await startHost({
    stateDirectory: options.stateDirectory,
    clock: options.clock ?? systemClock,
    environment: process.env,
    log: createLog({ fields: { role: 'host' } }),
  });
  await told;
  await host.close();
}
