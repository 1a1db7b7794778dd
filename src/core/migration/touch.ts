/** The locks that a statement takes, on what was there before the deployment. */
import type { RangeVar } from '@pgsql/types';
import type { Certainty, Touch } from './judged.ts';
import type { LockMode } from './lock-mode.ts';
import { isMade, type MadeHere } from './made-here.ts';
import { nameOf } from './name-of.ts';

interface Work {
  readonly rewrites?: Certainty;
  readonly scans?: Certainty;
}

/** Of what the deployment has made itself, none. What is written anew is read before. */
export function touchOf(
  made: MadeHere,
  relation: RangeVar | undefined,
  lock: LockMode,
  { rewrites = 'no', scans = rewrites }: Work = {},
): Touch[] {
  const isOwn =
    relation && (['table', 'view', 'index'] as const).some((kind) => isMade(made, kind, relation));
  return relation === undefined || isOwn === true
    ? []
    : [{ relation: nameOf(relation), lock, rewrites, scans }];
}
