import type { Action } from './plan.ts';

/** Whether an action asks the database of its service, and so looks away from the traffic. */
export function asksData({ kind }: Action): boolean {
  return kind === 'check-data' || kind === 'note-schema' || kind === 'check-schema';
}
