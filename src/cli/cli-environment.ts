/** Everything a command may know of the process it runs in, so that tests can run it in theirs. */
import type { Readable, Writable } from 'node:stream';
import type { ConfigurableDriver } from '../config/configurable-driver.ts';
import type { ConnectDriver } from '../engine/connect-driver.ts';
import type { Clock } from '../platform/clock.ts';

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface InputStream extends Readable {
  readonly isTTY?: boolean;
}

export interface CliEnvironment {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly drivers: readonly ConfigurableDriver[];
  /** By a choice that the configuration made of them. */
  readonly connect: ConnectDriver;
  /** The program that plays the keeper's and the other roles. */
  readonly mainPath: string;
  readonly clock: Clock;
  /** Calls back on the first Ctrl-C; returns how to stop listening. A second one ends the process. */
  readonly onInterrupt: (callback: () => void) => () => void;
}
