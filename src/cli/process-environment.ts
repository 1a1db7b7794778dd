/** The environment of the real process, for `main.ts`. */
import type { ConfigurableDriver } from '../config/configurable-driver.ts';
import { systemClock } from '../platform/clock.ts';
import type { CliEnvironment } from './cli-environment.ts';

export function processEnvironment(options: {
  readonly drivers: readonly ConfigurableDriver[];
  readonly connect: CliEnvironment['connect'];
  readonly mainPath: string;
}): CliEnvironment {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    drivers: options.drivers,
    connect: options.connect,
    mainPath: options.mainPath,
    clock: systemClock,
    onInterrupt(callback) {
      // Heard once: the second Ctrl-C finds no listener and ends the process at once.
      process.once('SIGINT', callback);
      process.once('SIGTERM', callback);
      return () => {
        process.off('SIGINT', callback);
        process.off('SIGTERM', callback);
      };
    },
  };
}
