/** Ties an edge to the parent that started its process. */
import { invariant } from '../core/invariant.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import { createLog } from '../platform/log.ts';
import type { StateDirectory } from '../platform/state-directory.ts';
import type { ParentMessage, WorkerMessage } from './parent-messages.ts';
import { parentListeners, type ParentLink } from './parent-listeners.ts';
import { startEdge } from './start-edge.ts';

const DRAIN_MS = 3_000;

export async function runWorker(options: {
  readonly stateDirectory: StateDirectory;
  readonly clock: Clock;
}): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    process.once('disconnect', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  // Ctrl-C reaches the whole group; the parent decides, and tells by disconnecting.
  process.on('SIGINT', () => undefined);
  const link = linkToParent();
  try {
    const edge = await startEdge({
      ...options,
      listenerSource: parentListeners(link, options.clock),
      log: createLog({ fields: { process: 'edge' } }),
    });
    link.send({ kind: 'started' });
    await ended;
    await edge.close(DRAIN_MS);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    link.send({ kind: 'failed', failure: error.failure });
  }
  process.exit();
}

function linkToParent(): ParentLink {
  invariant(process.channel, 'the worker is started with an IPC channel');
  return {
    send(message: WorkerMessage) {
      // Without a parent nobody is left to be told; `disconnect` ends the worker.
      if (process.connected) process.send?.(message);
    },
    subscribe(listener) {
      const heard = (message: unknown, handle: unknown) =>
        listener(message as ParentMessage, handle);
      process.on('message', heard);
      return () => process.off('message', heard);
    },
  };
}
