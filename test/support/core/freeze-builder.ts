import type { Freeze } from '../../../src/core/deployment/freeze.ts';

/** Of all of production, until somebody lifts it. */
export function aFreeze(changes: Partial<Freeze> = {}): Freeze {
  return {
    id: 1,
    environment: 'production',
    service: null,
    actor: 'local:eve',
    reason: 'audit',
    beganAt: '2026-11-27T09:00:00.000Z',
    until: null,
    ...changes,
  };
}
