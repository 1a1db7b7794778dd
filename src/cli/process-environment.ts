/** The environment of the real process, for `main.ts`. */
import type { ConfigurableDriver } from '../config/configurable-driver.ts';
import { systemClock } from '../platform/clock.ts';
import type { CliEnvironment } from './cli-environment.ts';

export function processEnvironment(options: {
  readonly drivers: readonly ConfigurableDriver[];
  readonly connectReport: CliEnvironment['connectReport'];
  readonly connectProbe: CliEnvironment['connectProbe'];
  readonly connectBackup: CliEnvironment['connectBackup'];
  readonly connectMigration: CliEnvironment['connectMigration'];
  readonly mainPath: string;
}): CliEnvironment {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    drivers: options.drivers,
    connectReport: options.connectReport,
    connectProbe: options.connectProbe,
    connectBackup: options.connectBackup,
    connectMigration: options.connectMigration,
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
