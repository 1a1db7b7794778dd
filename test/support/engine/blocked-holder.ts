/** A thread that holds the controller's lock and then does nothing at all until it is told to go on. */
import { parentPort, workerData } from 'node:worker_threads';
import { holdControllerLock } from '../../../src/engine/controller-lock.ts';
import { systemClock } from '../../../src/platform/clock.ts';

export interface BlockedHolderData {
  readonly connectionString: string;
  /** Becomes 1 when it may go on. */
  readonly goOn: SharedArrayBuffer;
}

const { connectionString, goOn } = workerData as BlockedHolderData;
const lock = holdControllerLock({
  connectionString,
  clock: systemClock,
  onReplaced: () => parentPort?.postMessage('replaced'),
});
await lock.untilHeld();
parentPort?.postMessage('held');
Atomics.wait(new Int32Array(goOn), 0, 0);
parentPort?.postMessage(lock.isHeld() ? 'holds it' : 'holds nothing');
