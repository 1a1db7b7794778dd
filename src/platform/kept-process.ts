/**
 * Starts one child that outlives its keeper, and ends it. A child waits for a word from its keeper
 * before it becomes its program: if the keeper dies before it has recorded the child, the child ends
 * too, so none ever runs unrecorded.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { invariant } from '../core/invariant.ts';
import { elapsedMs, type Clock } from './clock.ts';
import { openLogFile } from './log-file.ts';
import { identifyProcess, isSameProcess, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 150;
/** Becomes the program in the same process, with the same pid and start time. */
const WAIT_FOR_WORD = 'read -r word && exec "$@" < /dev/null';

export interface KeptProcess {
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended; rejects when the signal is aborted. */
  ended(signal: AbortSignal): Promise<void>;
}

/** Null when no process could be made, or it ended at once. */
export async function startKeptProcess(
  command: readonly string[],
  logFile: string,
  options: {
    readonly cwd: string;
    /** Called between the birth of the process and the start of its program. */
    readonly record: (identity: ProcessIdentity) => void;
  },
): Promise<KeptProcess | null> {
  const log = await openLogFile(logFile);
  const child = spawn('/bin/sh', ['-c', WAIT_FOR_WORD, 'sh', ...command], {
    cwd: options.cwd,
    stdio: ['pipe', log.fd, log.fd],
    detached: true,
  });
  // A child that could not be born has no pid, and one that ended early breaks the pipe: both are
  // seen below, where they matter.
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.unref();
  try {
    const identity = child.pid === undefined ? null : await identifyProcess(child.pid);
    if (identity === null) return null;
    options.record(identity);
    child.stdin?.write('go\n');
    return {
      identity,
      async ended(signal) {
        if (child.exitCode === null && child.signalCode === null) {
          await once(child, 'exit', { signal });
        }
      },
    };
  } finally {
    child.stdin?.end();
    await log.close();
  }
}

/** A process that another keeper started: it can only be looked at from time to time. */
export function adoptProcess(identity: ProcessIdentity, clock: Clock): KeptProcess {
  return {
    identity,
    async ended(signal) {
      while (await isSameProcess(identity)) await clock.sleep(POLL_MS, signal);
    },
  };
}

/** Asks by SIGTERM and kills after `graceMs`. Resolves when the process is gone. */
export async function endProcess(
  identity: ProcessIdentity,
  graceMs: number,
  clock: Clock,
): Promise<void> {
  invariant(identity.pid > 1, 'A signal to pid 1 or to a group is never meant.');
  let killed = false;
  const since = clock.monotonicNs();
  await signalProcess(identity, 'SIGTERM');
  while (await isSameProcess(identity)) {
    if (!killed && elapsedMs(clock, since) > graceMs) {
      await signalProcess(identity, 'SIGKILL');
      killed = true;
    }
    await clock.sleep(20);
  }
}

export async function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
): Promise<void> {
  if (!(await isSameProcess(identity))) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    // ESRCH: it ended by itself in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
