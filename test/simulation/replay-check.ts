/**
 * Replays what the durable journals hold: the recorded events, decided upon again, must give every
 * state as it was saved, field by field, in the same order, however often it was saved.
 */
import { isDeepStrictEqual } from 'node:util';
import { decide } from '../../src/core/deployment/decide.ts';
import type { Decided } from '../../src/core/deployment/deployment-state.ts';
import {
  initialState,
  type DeploymentEvent,
  type DeploymentState,
  type Origin,
} from '../../src/core/deployment/deployment-state.ts';
import { failureOf } from '../../src/core/failures.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import type { JournalEntry } from './durable-journal.ts';
import type { SavedState } from './memory-store.ts';
import type { Violation } from './sight.ts';

export interface Replayed {
  readonly plan: Plan;
  /** By resumption: what was kept of the workflow's steps. */
  readonly journals: ReadonlyMap<number, readonly JournalEntry[]>;
  /** Every state that was saved with a command, in its order. */
  readonly saved: readonly SavedState[];
}

export function replayViolations({ plan, journals, saved }: Replayed): readonly Violation[] {
  const found: Violation[] = [];
  const differs = (message: string): void => void found.push({ invariant: 'I8', message });
  for (const [resumption, journal] of journals) {
    const live = saved.filter((each) => each.resumption === resumption);
    let at = 0;
    for (const { command, state, isOver } of statesOf(plan, journal)) {
      const first = at;
      for (; live[at]?.command === command; at += 1) {
        if (isDeepStrictEqual(live[at]?.state, state)) continue;
        differs(`${command} was saved with another state.`);
      }
      if (at === first && isOver)
        differs(`A replay comes to ${command}, which was not saved then.`);
    }
    const left = live[at];
    if (left) differs(`${left.command} was saved, and a replay does not come to it.`);
  }
  return found;
}

interface Loaded {
  readonly begun: DeploymentState | null;
  readonly origin: Origin;
}

/** The states at every prefix of a journal, each with its command; the last may not have been saved yet. */
function* statesOf(plan: Plan, journal: readonly JournalEntry[]) {
  const [load, ...steps] = journal;
  if (load === undefined) return;
  const { begun, origin } = load.result as Loaded;
  let decided: Decided = begun
    ? decide(plan, begun, { kind: 'DriverLost', failure: LOST })
    : decide(plan, initialState, { kind: 'Started', origin });
  for (const { result } of steps) {
    const { command, state } = decided;
    if (command === null) return;
    yield { command: keyOf(command), state, isOver: true };
    for (const event of result as readonly DeploymentEvent[]) {
      decided = decide(plan, decided.state, event);
    }
  }
  const { command, state } = decided;
  if (command !== null) yield { command: keyOf(command), state, isOver: false };
}

/** As the engine names the outcome of a command. */
function keyOf({ step, attempt, purpose, token }: NonNullable<Decided['command']>): string {
  return `${step}#${attempt}.${token.sequence}${purpose === 'observe' ? '?' : ''} ended`;
}

/** What the loop says of a driver that was lost: part of the state that is compared. */
const LOST = failureOf(
  'internal-error',
  'Whoever carried the deployment out ended for good; it was taken up where it was recorded last.',
  { effect: 'unknown' },
);
