/** SIGKILL to a stand's server right after a step; the keeper starts it again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLine } from '../../src/api/contract/answers.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';

export interface ServerKill {
  readonly onLine: (line: EventLine) => void;
  /** The pid once its process is gone; null when the step never came. Rejects when it lives on. */
  result(): Promise<number | null>;
}

const GONE_MS_MAX = 10_000;
const POLL_MS = 20;

export function killServerAfter(
  step: string,
  stand: Pick<NewsroomStand, 'pidOf'>,
  onKill: (pid: number) => void,
): ServerKill {
  let killing: Promise<number> | null = null;
  const kill = async (): Promise<number> => {
    const pid = await stand.pidOf('server');
    process.kill(pid, 'SIGKILL');
    onKill(pid);
    await untilGone(pid);
    return pid;
  };
  return {
    onLine(line) {
      if (killing || line.kind !== 'audit') return;
      const { body } = line.entry;
      if (body.kind !== 'CommandSucceeded' || body.step !== step) return;
      killing = kill();
      // Whoever asks for the result hears of it, but that may be much later.
      killing.catch(() => undefined);
    },
    result: async () => killing,
  };
}

async function untilGone(pid: number): Promise<void> {
  const end = performance.now() + GONE_MS_MAX;
  while (isThere(pid)) {
    if (performance.now() > end) throw new Error(`The server ${pid} lives after its SIGKILL.`);
    await delay(POLL_MS);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process: gone, and reaped by the keeper.
    return false;
  }
}
