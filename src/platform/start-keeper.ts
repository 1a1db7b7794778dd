/** What `surefoot up` does: starts the keeper as a process of its own, unless one lives already. */
import { spawn, type ChildProcess } from 'node:child_process';
import { operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock } from './clock.ts';
import { tryFileLock } from './file-lock.ts';
import { keeperFilesIn, roleLogFile } from './keeper-files.ts';
import { keeperStatus, type KeeperStatus } from './keeper-status.ts';
import { openLogFile, readLogTail, sizeOf } from './log-file.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';
import { stopKeeper } from './stop-keeper.ts';

const READY_MS_MAX = 60_000;
const POLL_MS = 30;
const LOG_LINES = 10;
/** A role that ended so often without getting ready will not get ready. */
const RESTARTS_MAX = 3;

export interface StartKeeperOptions {
  readonly directory: StateDirectory;
  /** Program and arguments of the process that calls `runKeeper`. */
  readonly command: readonly [string, ...string[]];
  readonly readyMsMax?: number;
}

export interface StartedKeeper {
  /** A keeper lived before this call. */
  readonly adopted: boolean;
  readonly status: KeeperStatus;
}

/**
 * Idempotent. Resolves when PostgreSQL and all roles are ready. Throws `process-not-started` with the
 * last lines of the log that tells why; what this call started is then stopped again.
 */
export async function startKeeper(options: StartKeeperOptions): Promise<StartedKeeper> {
  const { directory } = options;
  await createStateDirectory(directory);
  const adopted = (await keeperStatus(directory)) !== null;
  const attempt = adopted ? null : await spawnKeeper(options);
  try {
    return { adopted, status: await untilReady(options, attempt) };
  } catch (error) {
    if (attempt && (await isOurs(directory, attempt))) await stopKeeper(directory);
    throw error;
  }
}

/** Not when the keeper that lives now was started by somebody else at the same time. */
async function isOurs(directory: StateDirectory, attempt: Attempt): Promise<boolean> {
  const status = await keeperStatus(directory);
  return status === null || status.pid === attempt.child.pid;
}

interface Attempt {
  readonly child: ChildProcess;
  /** Size of the keeper's log before it. */
  readonly logFrom: number;
}

async function spawnKeeper(options: StartKeeperOptions): Promise<Attempt> {
  const { log: logFile } = keeperFilesIn(options.directory);
  const log = await openLogFile(logFile);
  try {
    const logFrom = await sizeOf(logFile);
    const [program, ...args] = options.command;
    const child = spawn(program, args, {
      cwd: options.directory.root,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
    // A child without a pid is reported where it is waited for.
    child.on('error', () => undefined);
    child.unref();
    return { child, logFrom };
  } finally {
    await log.close();
  }
}

async function untilReady(
  options: StartKeeperOptions,
  attempt: Attempt | null,
): Promise<KeeperStatus> {
  const { directory } = options;
  const since = systemClock.monotonicNs();
  let first: KeeperStatus | null = null;
  for (;;) {
    const status = await keeperStatus(directory);
    first ??= status;
    if (status && isAllReady(status)) return status;
    if (status?.postgres?.problem) throw notStarted(status.postgres.problem);
    const failing = status?.roles.find((role) => isFailing(role, first));
    if (failing) throw await roleNotStarted(directory, failing.name, 'ends again and again');
    if (!status && attempt && hasEnded(attempt.child) && isLockFree(directory)) {
      const lines = await readLogTail(keeperFilesIn(directory).log, {
        lines: LOG_LINES,
        from: attempt.logFrom,
      });
      throw notStarted(`The keeper ended; its log says:\n${lines.join('\n')}`);
    }
    if (elapsedMs(systemClock, since) > (options.readyMsMax ?? READY_MS_MAX)) {
      const late = status?.roles.find((role) => !role.ready);
      throw await roleNotStarted(directory, late?.name ?? 'keeper', 'is not ready in time');
    }
    await systemClock.sleep(POLL_MS);
  }
}

function isAllReady(status: KeeperStatus): boolean {
  return status.postgres?.serving !== false && status.roles.every((role) => role.ready);
}

function isFailing(role: KeeperStatus['roles'][number], first: KeeperStatus | null): boolean {
  const before = first?.roles.find(({ name }) => name === role.name)?.restarts ?? 0;
  return !role.ready && role.restarts - before >= RESTARTS_MAX;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Taken by a keeper that somebody else started at the same time: then that one is waited for. */
function isLockFree(directory: StateDirectory): boolean {
  const lock = tryFileLock(keeperFilesIn(directory).lock);
  lock?.release();
  return lock !== null;
}

async function roleNotStarted(
  directory: StateDirectory,
  role: string,
  what: string,
): Promise<Error> {
  const lines = await readLogTail(roleLogFile(directory, role), { lines: LOG_LINES });
  return notStarted(`The process "${role}" ${what}; its log ends:\n${lines.join('\n')}`);
}

function notStarted(message: string): Error {
  return operationalError('process-not-started', message);
}
