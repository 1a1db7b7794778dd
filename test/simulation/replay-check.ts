/**
 * Replays what the durable journals hold: the recorded events, decided upon again, must give every
 * state as it was saved, byte by byte, and so does every second saving of the same command.
 */
import { decide, type Decided } from '../../src/core/deployment/decide.ts';
import {
  initialState,
  type DeploymentEvent,
  type DeploymentState,
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
  const states = new Map<string, string>();
  const found: Violation[] = [];
  const differs = (message: string): void => void found.push({ invariant: 'I8', message });
  for (const { resumption, command, state } of saved) {
    const key = `${resumption} ${command}`;
    const text = JSON.stringify(state);
    const before = states.get(key);
    if (before !== undefined && before !== text) differs(`${command} was saved with two states.`);
    states.set(key, text);
  }
  for (const [resumption, journal] of journals) {
    for (const { command, state } of statesOf(plan, journal)) {
      const live = states.get(`${resumption} ${command}`);
      if (live === JSON.stringify(state)) continue;
      differs(`A replay comes to ${command} with another state than was saved.`);
      break;
    }
  }
  return found;
}

/** The states at every prefix of a journal, each with the command that it was saved with. */
function* statesOf(plan: Plan, journal: readonly JournalEntry[]) {
  const [load, ...steps] = journal;
  if (load === undefined) return;
  const { begun } = load.result as { readonly begun: DeploymentState | null };
  let decided: Decided = begun
    ? decide(plan, begun, { kind: 'DriverLost', failure: LOST })
    : decide(plan, initialState, { kind: 'Started' });
  for (const { result } of steps) {
    const { command, state } = decided;
    if (command === null) return;
    yield { command: keyOf(command), state };
    for (const event of result as readonly DeploymentEvent[]) {
      decided = decide(plan, decided.state, event);
    }
  }
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
