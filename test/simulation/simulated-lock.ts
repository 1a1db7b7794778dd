/**
 * The right to drive, as sessions with a database give it: one holder, in a numbered term. A dead one's
 * session ends soon, a silent one's after a while, and who is silent may learn of it later than others.
 */
import type { DriverLock } from '../../src/engine/controller-lock.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedLock {
  /** The lock as one process sees it; `onReplaced` when another one has driven since it did. */
  of(process: SimulatedProcess, onReplaced: () => void): SimulatedView;
  /** The database ends all sessions; who is awake notices at once. */
  dropSessions(): void;
}

export interface SimulatedView extends Pick<DriverLock, 'isHeld' | 'untilHeld' | 'close'> {
  /** Whether another one has begun its term since this one did, known to the database alone. */
  isTermOver(): boolean;
}

const HEARTBEAT_MS = 1_000;
const RETRY_MS = 200;
/** After so long a silence the database ends a session, and a little earlier its holder gives up. */
const SILENT_MS = 5_000;
const HEARD_MS_MAX = 4_000;
const HELD = Promise.resolve();

interface Sessions {
  readonly time: VirtualTime;
  readonly isAway: () => boolean;
  holder: SimulatedProcess | null;
  heardMs: number;
  term: number;
}

export function createSimulatedLock(time: VirtualTime, isAway: () => boolean): SimulatedLock {
  const sessions: Sessions = { time, isAway, holder: null, heardMs: 0, term: 0 };
  const views: (() => void)[] = [];
  return {
    dropSessions() {
      sessions.holder = null;
      for (const lose of views) lose();
    },
    of(process, onReplaced) {
      const { view, lose } = viewOf(sessions, process, onReplaced);
      views.push(() => process.deliver(lose));
      return view;
    },
  };
}

function viewOf(
  sessions: Sessions,
  process: SimulatedProcess,
  onReplaced: () => void,
): { readonly view: SimulatedView; lose(): void } {
  const { time } = sessions;
  const waiting: (() => void)[] = [];
  let term: number | null = null;
  /** Of this process's own session; null when it has none with the lock. */
  let heardMs: number | null = null;
  const isHeld = (): boolean => heardMs !== null && time.nowMs() - heardMs < HEARD_MS_MAX;

  function take(): void {
    const { holder } = sessions;
    const isFree =
      holder === null || !holder.isAlive() || time.nowMs() - sessions.heardMs > SILENT_MS;
    if (isFree) sessions.holder = process;
    if (sessions.holder !== process) heardMs = null;
    else if (heardMs === null) begin();
    if (heardMs === null) return;
    heardMs = time.nowMs();
    sessions.heardMs = heardMs;
    for (const go of waiting.splice(0)) go();
  }

  function begin(): void {
    if (term !== null && sessions.term !== term) {
      sessions.holder = null;
      onReplaced();
      return;
    }
    if (term === null) {
      sessions.term += 1;
      term = sessions.term;
    }
    heardMs = time.nowMs();
  }

  async function beat(): Promise<void> {
    for (;;) {
      if (sessions.isAway()) heardMs = null;
      else take();
      await process.clock.sleep(heardMs === null ? RETRY_MS : HEARTBEAT_MS);
    }
  }

  void beat();
  return {
    lose: () => (heardMs = null),
    view: {
      isHeld,
      isTermOver: () => term !== null && term !== sessions.term,
      untilHeld: () => (isHeld() ? HELD : new Promise((resolve) => void waiting.push(resolve))),
      close: () => Promise.resolve(),
    },
  };
}
