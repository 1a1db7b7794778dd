/**
 * The stages of a run, whoever looks at it: the storm until the deployment has ended, a while for all
 * controllers, the rest of what has struck for those that were frozen or wait, and then the calm.
 */
import type { SimulatedRun } from './simulated-run.ts';

export interface RunCourse {
  /** Lets the next event happen; false when there is none, or when it has taken too long. */
  advance(): boolean;
  /** When the deployment had ended, and the calls until then; as far as the run is while it has not. */
  endedMs(): number;
  callsAtEnd(): number;
}

/** Every deadline of every step with all its attempts is over long before. */
const LIMIT_MS = 3_600_000;
const EVENTS_MAX = 50_000;
/** For whoever was frozen, or waited for an answer, to do what it still wants to do. */
const AFTERMATH_MS = 1_000;

export function courseOf(run: SimulatedRun, limitMs = LIMIT_MS): RunCourse {
  const { deployment } = run.plan;
  let stage: 'storm' | 'aftermath' | 'zombies' | 'calm' = 'storm';
  let events = 0;
  let endedMs = 0;
  let callsAtEnd = 0;

  function turnStage(): void {
    if (stage === 'storm' && run.store.statusOf(deployment) !== 'running') {
      stage = 'aftermath';
      endedMs = run.nowMs();
      callsAtEnd = run.calls.length;
    }
    if (stage === 'aftermath' && run.nowMs() >= endedMs + AFTERMATH_MS) {
      // Who was frozen, or waits for an answer, goes on in a world without the others.
      stage = 'zombies';
      run.endIdleControllers();
    }
    const isOver = run.nowMs() >= Math.max(endedMs, run.stormUntilMs()) + AFTERMATH_MS;
    if (stage !== 'zombies' || !isOver) return;
    stage = 'calm';
    run.endControllers();
  }

  return {
    advance() {
      turnStage();
      events += 1;
      return events < EVENTS_MAX && run.nowMs() < limitMs && run.step();
    },
    endedMs: () => (stage === 'storm' ? run.nowMs() : endedMs),
    callsAtEnd: () => (stage === 'storm' ? run.calls.length : callsAtEnd),
  };
}

/** Lets everything happen that the last event has set off. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
