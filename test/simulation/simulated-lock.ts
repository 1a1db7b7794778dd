/**
 * The right to drive, as sessions with a database give it: one holder; a dead one's session ends soon,
 * a silent one's after a while, and who is silent may learn of it later than others.
 */
import type { ControllerLock } from '../../src/engine/controller-lock.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedLock {
  /** The lock as one process sees it. */
  of(process: SimulatedProcess): ControllerLock;
}

const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
const SILENT_MS = 5_000;

export function createSimulatedLock(time: VirtualTime): SimulatedLock {
  let holder: SimulatedProcess | null = null;
  let heardMs = 0;
  return {
    of(process) {
      let isHeld = false;
      async function beat(): Promise<void> {
        for (;;) {
          const isFree = holder === null || !holder.isAlive() || time.nowMs() - heardMs > SILENT_MS;
          if (isFree) holder = process;
          isHeld = holder === process;
          if (isHeld) heardMs = time.nowMs();
          await process.clock.sleep(isHeld ? HEARTBEAT_MS : RETRY_MS);
        }
      }
      void beat();
      return {
        isHeld: () => isHeld,
        async untilHeld() {
          while (!isHeld) await process.clock.sleep(RETRY_MS);
        },
        close: () => Promise.resolve(),
      };
    },
  };
}
