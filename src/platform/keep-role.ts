/** Keeps the process of one role alive: adopts it when it lives, starts it again when it ends. */
import { elapsedMs, type Clock } from './clock.ts';
import { roleLogFile } from './keeper-files.ts';
import { isSystemError } from './is-system-error.ts';
import { adoptProcess, startKeptProcess, type KeptProcess } from './kept-process.ts';
import type { Log } from './log.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { restartDelayMs } from './restart-delay.ts';
import type { StateDirectory } from './state-directory.ts';

export interface KeeperRole {
  readonly name: string;
  /** Program and arguments; started in the state directory. */
  readonly command: readonly string[];
  readonly readyWhen: () => Promise<boolean>;
  /** Its first start waits until the embedded PostgreSQL serves. */
  readonly needsDatabase?: boolean;
}

/** What is known of a role's process, changed in place by `keepRole`. */
export interface RoleState {
  readonly name: string;
  process: ProcessIdentity | null;
  restarts: number;
  since: string;
}

export interface RoleContext {
  readonly directory: StateDirectory;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called after every change of the state, before the process runs its program. */
  readonly record: () => void;
}

/**
 * A process in the state must be the very one that was recorded. Never resolves; rejects when the signal is aborted, and leaves the
 * process running.
 */
export async function keepRole(
  role: KeeperRole,
  state: RoleState,
  context: RoleContext,
): Promise<never> {
  const { clock, log, signal } = context;
  let kept = adopt(state, context);
  let delayMs: number | null = null;
  for (;;) {
    const since = clock.monotonicNs();
    kept ??= await start(role, state, context);
    if (kept) await kept.ended(signal);
    kept = null;
    const pid = state.process?.pid;
    const livedMs = elapsedMs(clock, since);
    delayMs = restartDelayMs(delayMs, livedMs);
    state.process = null;
    state.restarts += 1;
    recordEnd(context);
    log.warn('A process ended and is started again.', { role: role.name, pid, livedMs, delayMs });
    await clock.sleep(delayMs, signal);
  }
}

/** Without it the record names a dead process, which nobody adopts: no reason to stop keeping. */
function recordEnd(context: RoleContext): void {
  try {
    context.record();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    context.log.error('The end of a process could not be recorded.', { error });
  }
}

function adopt(state: RoleState, context: RoleContext): KeptProcess | null {
  if (state.process === null) return null;
  context.log.info('Adopted a living process.', { role: state.name, pid: state.process.pid });
  return adoptProcess(state.process, context.clock);
}

/** Null when it could not be started, or not be recorded; the caller tries again. */
async function start(
  role: KeeperRole,
  state: RoleState,
  context: RoleContext,
): Promise<KeptProcess | null> {
  const { directory, clock, log, signal } = context;
  signal.throwIfAborted();
  const record = (identity: ProcessIdentity) => {
    state.process = identity;
    state.since = new Date(clock.wallMs()).toISOString();
    context.record();
    log.info('Started a process.', { role: role.name, pid: identity.pid });
  };
  try {
    const cwd = directory.root;
    return await startKeptProcess(role.command, roleLogFile(directory, role.name), { cwd, record });
  } catch (error) {
    if (!isSystemError(error)) throw error;
    log.error('A process could not be started.', { role: role.name, error });
    return null;
  }
}
