import type { MirrorRules } from '../../../src/core/mirror/mirror-rules.ts';

/** Every request is copied, and its type and JSON are compared. */
export function someMirrorRules(changes: Partial<MirrorRules> = {}): MirrorRules {
  return {
    percent: 100,
    inFlightMax: 20,
    perSecondMax: 1_000,
    skip: [],
    headers: ['content-type'],
    ignore: [],
    ...changes,
  };
}
