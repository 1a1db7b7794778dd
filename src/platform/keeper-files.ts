/** The keeper's own files in the state directory. */
import { join } from 'node:path';
import type { StateDirectory } from './state-directory.ts';

export interface KeeperFiles {
  /** Its control socket. */
  readonly socket: string;
  /** Held as long as it lives. */
  readonly lock: string;
  readonly log: string;
}

export function keeperFilesIn(directory: StateDirectory): KeeperFiles {
  return {
    socket: join(directory.root, 'keeper.sock'),
    lock: join(directory.root, 'keeper.lock'),
    log: roleLogFile(directory, 'keeper'),
  };
}

/** What a role's process writes to its standard output and error. */
export function roleLogFile(directory: StateDirectory, role: string): string {
  return join(directory.logs, `${role}.log`);
}
