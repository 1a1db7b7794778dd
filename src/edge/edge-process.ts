/**
 * The parent process of the edge. It is small so that it does not die: it holds the bound sockets
 * and starts the worker again whenever it ends.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Failure } from '../core/failures.ts';
import { OperationalError, operationalError } from '../core/operational-error.ts';
import { elapsedMs, systemClock, type Clock } from '../platform/clock.ts';
import { withFileLock } from '../platform/file-lock.ts';
import { createLog, type Log } from '../platform/log.ts';
import { createStateDirectory, type StateDirectory } from '../platform/state-directory.ts';
import { createBoundSockets, type BoundSockets } from './bound-sockets.ts';
import type { ParentMessage, WorkerMessage } from './parent-messages.ts';
import { workerPauseMs } from './worker-pause.ts';

/** The worker drains for three seconds. */
const STOP_PATIENCE_MS = 5_000;
const LOCK_PATIENCE_MS = 10_000;
/** A worker that lived this long died of something new. */
const SETTLED_MS = 10_000;
/** Of a worker that never served. */
const STARTS_MAX = 5;

export interface EdgeProcessOptions {
  readonly stateDirectory: StateDirectory;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Ends the edge as SIGTERM does. */
  readonly signal?: AbortSignal;
}

/** Resolves when the edge was told to end and has; throws when it cannot start at all. */
export async function runEdge(options: EdgeProcessOptions): Promise<void> {
  const { stateDirectory, clock = systemClock } = options;
  await createStateDirectory(stateDirectory);
  const stop = new AbortController();
  const stopNow = () => stop.abort();
  process.once('SIGTERM', stopNow);
  process.once('SIGINT', stopNow);
  options.signal?.addEventListener('abort', stopNow, { once: true });
  if (options.signal?.aborted === true) stopNow();
  const sockets = createBoundSockets();
  try {
    await withFileLock(
      join(stateDirectory.edge, 'parent.lock'),
      { waitMs: LOCK_PATIENCE_MS, clock },
      () => keepWorker({ ...options, clock, sockets, signal: stop.signal }),
    );
  } finally {
    sockets.close();
    process.off('SIGTERM', stopNow);
    process.off('SIGINT', stopNow);
    options.signal?.removeEventListener('abort', stopNow);
  }
}

async function keepWorker(parts: {
  readonly stateDirectory: StateDirectory;
  readonly clock: Clock;
  readonly sockets: BoundSockets;
  readonly signal: AbortSignal;
  readonly log?: Log;
}): Promise<void> {
  const { clock, signal, log = createLog({ fields: { process: 'edge' } }) } = parts;
  let deaths = 0;
  let hasStarted = false;
  while (!signal.aborted) {
    const since = clock.monotonicNs();
    const worker = startWorker(parts.stateDirectory);
    const report = answerWorker(worker, parts.sockets);
    const stopWorker = () => stopChild(worker, clock);
    signal.addEventListener('abort', stopWorker, { once: true });
    const [code, exitSignal] = (await once(worker, 'exit')) as [number | null, string | null];
    signal.removeEventListener('abort', stopWorker);
    hasStarted ||= report.hasStarted;
    if (isAborted(signal)) return;
    // What never worked will not work the next time; what did once is worth every try.
    if (report.failure !== null && !hasStarted) throw new OperationalError(report.failure);
    deaths = elapsedMs(clock, since) > SETTLED_MS ? 0 : deaths + 1;
    if (!hasStarted && deaths >= STARTS_MAX) {
      throw operationalError(
        'process-not-started',
        `The edge worker ended ${deaths} times at once.`,
      );
    }
    log.error('The edge worker ended and is started again.', {
      code,
      signal: exitSignal,
      failure: report.failure,
      deaths,
    });
    const pauseMs = workerPauseMs(deaths, report.hasStarted);
    // An abort ends the pause; the loop sees it.
    if (pauseMs > 0) await clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

/** Asked anew: the compiler takes it for unchanged since the loop began. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function startWorker(stateDirectory: StateDirectory): ChildProcess {
  // The same file as source and as built JavaScript.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = fileURLToPath(new URL(`./worker-main.${extension}`, import.meta.url));
  return fork(script, [stateDirectory.root], {
    // Options of the parent's own start, such as --eval or --inspect, are not for the worker.
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Gives the worker the sockets it asks for, and keeps what it reports of itself. */
function answerWorker(
  worker: ChildProcess,
  sockets: BoundSockets,
): { readonly hasStarted: boolean; readonly failure: Failure | null } {
  const report: { hasStarted: boolean; failure: Failure | null } = {
    hasStarted: false,
    failure: null,
  };
  worker.on('message', (raw) => {
    const message = raw as WorkerMessage;
    switch (message.kind) {
      case 'listen': {
        const handle = sockets.bind(message.address);
        const kind = handle === null ? 'busy' : 'handle';
        send(worker, { kind, address: message.address }, handle);
        return;
      }
      case 'release':
        sockets.release(message.address);
        return;
      case 'started':
        report.hasStarted = true;
        return;
      case 'failed':
        report.failure = message.failure;
    }
  });
  return report;
}

function send(worker: ChildProcess, message: ParentMessage, handle: unknown): void {
  // A worker that died meanwhile is started again and asks again.
  worker.send(message, handle as Parameters<ChildProcess['send']>[1], () => undefined);
}

function stopChild(worker: ChildProcess, clock: Clock): void {
  const gone = new AbortController();
  worker.once('exit', () => gone.abort());
  if (worker.connected) worker.disconnect();
  clock.sleep(STOP_PATIENCE_MS, gone.signal).then(
    () => worker.kill('SIGKILL'),
    () => undefined,
  );
}
