/** Watches the embedded PostgreSQL and starts it again when it is gone. */
import { failureOf, type Failure } from '../core/failures.ts';
import { OperationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock, type Clock } from './clock.ts';
import { ensurePostgres, type RunningPostgres } from './ensure-postgres.ts';
import { isSystemError } from './is-system-error.ts';
import { readPostmaster } from './postmaster.ts';
import { isSameProcess } from './process-identity.ts';
import { restartDelayMs } from './restart-delay.ts';
import type { StateDirectory } from './state-directory.ts';

const POLL_MS = 150;

export type PostgresChange =
  | { readonly kind: 'serving'; readonly pid: number; readonly postgres: RunningPostgres }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not-started'; readonly failure: Failure };

/**
 * Runs until the signal, and leaves PostgreSQL running. Every change is told to `onChange`; a start
 * that fails is repeated for ever, with growing delays.
 */
export async function keepPostgresRunning(
  directory: StateDirectory,
  options: {
    readonly signal: AbortSignal;
    readonly clock?: Clock;
    readonly onChange?: (change: PostgresChange) => void;
  },
): Promise<void> {
  const clock = options.clock ?? systemClock;
  let delayMs: number | null = null;
  while (!options.signal.aborted) {
    const since = clock.monotonicNs();
    try {
      await live(directory, clock, options);
      if (!isAborted(options.signal)) options.onChange?.({ kind: 'gone' });
    } catch (error) {
      if (isAborted(options.signal)) return;
      options.onChange?.({ kind: 'not-started', failure: failureIn(error) });
    }
    delayMs = restartDelayMs(delayMs, elapsedMs(clock, since));
    await pause(delayMs, clock, options.signal);
  }
}

/** From start or adoption to the end of the postmaster. */
async function live(
  directory: StateDirectory,
  clock: Clock,
  options: { signal: AbortSignal; onChange?: (change: PostgresChange) => void },
): Promise<void> {
  const postgres = await ensurePostgres(directory, { signal: options.signal, clock });
  const postmaster = await readPostmaster(postgres.dataDirectory);
  if (postmaster.kind !== 'running') return;
  options.onChange?.({ kind: 'serving', pid: postmaster.identity.pid, postgres });
  while (await isSameProcess(postmaster.identity)) {
    await clock.sleep(POLL_MS, options.signal);
  }
}

/** What the operating system refused, such as room on the disk, may be granted later. */
function failureIn(error: unknown): Failure {
  if (error instanceof OperationalError) return error.failure;
  if (!isSystemError(error)) throw error;
  return failureOf('process-not-started', `PostgreSQL cannot be started: ${error.message}.`);
}

async function pause(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    if (ms > 0) await clock.sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** A function, as the compiler believes that a signal once read stays as it was. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
