/** Whether it is the fault that made a check fail, and nothing else. */
import type { KnownBad } from './known-bad.ts';

/** Of one check, as `surefoot check --json` tells it. */
export interface CheckedJson {
  readonly name: string;
  readonly outcome: string;
  readonly because: string | null;
  readonly criteria: readonly {
    readonly what: string;
    readonly observed: string;
    readonly state: string;
  }[];
}

/** `passing`: the checks that pass where nothing is bad. */
export function isFound(
  { check, unmet, by }: Pick<KnownBad, 'check' | 'unmet' | 'by'>,
  found: CheckedJson | undefined,
  passing: ReadonlySet<string>,
): boolean {
  if (found?.outcome !== 'FAIL' || !passing.has(check)) return false;
  return found.criteria.some(
    ({ what, observed, state }) => state === 'unmet' && what === unmet && by.test(observed),
  );
}
