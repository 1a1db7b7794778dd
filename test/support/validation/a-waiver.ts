import type { Waiver } from '../../../src/core/validation/waiver.ts';

/** Of CVE-1 wherever it is, in force for the first day of 1970. */
export function aWaiver(changes: Partial<Waiver> = {}): Waiver {
  return {
    ...{ finding: 'CVE-1', place: null, message: null, check: null, reason: 'not called' },
    ...{ owner: 'ann', until: '1970-01-02', untilMs: 86_400_000 },
    ...changes,
  };
}
