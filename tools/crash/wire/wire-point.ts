/**
 * Between two durable steps: where on its wires the server is struck. What it says passes through
 * taps of the test, so that "before it was sent" and "after the answer" are facts and not timing.
 */
import type { Victim } from '../victim.ts';

/** The intent's commit, the step's call to an agent, the outcome's commit, the engine's checkpoint. */
export type WirePlace = 'intent' | 'verb' | 'outcome' | 'checkpoint';

export type WireDeed =
  /** The server is killed before a byte of it was passed on. */
  | 'unsent'
  /** It was done and answered; the server is killed before a byte of the answer was passed on. */
  | 'unread'
  /** The server is killed as soon as it has the answer. */
  | 'read'
  /** It was done and answered; the connection is cut and the answer lost. The server lives. */
  | 'cut'
  /** PostgreSQL's process for this connection is killed as soon as it has the commit. */
  | 'backend';

export interface WirePoint {
  readonly place: WirePlace;
  readonly deed: WireDeed;
}

export const wirePoints: readonly WirePoint[] = [
  { place: 'intent', deed: 'unsent' },
  { place: 'intent', deed: 'unread' },
  { place: 'verb', deed: 'unsent' },
  { place: 'verb', deed: 'unread' },
  { place: 'verb', deed: 'read' },
  { place: 'outcome', deed: 'unsent' },
  { place: 'outcome', deed: 'unread' },
  { place: 'checkpoint', deed: 'unsent' },
  { place: 'checkpoint', deed: 'unread' },
  { place: 'intent', deed: 'cut' },
  { place: 'outcome', deed: 'cut' },
  { place: 'intent', deed: 'backend' },
  { place: 'outcome', deed: 'backend' },
];

/** Whose process or connection it ends. */
export function victimOf({ deed }: WirePoint): Extract<Victim, 'server' | 'postgres'> {
  return deed === 'cut' || deed === 'backend' ? 'postgres' : 'server';
}
