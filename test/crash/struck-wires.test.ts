/** The server dies, or loses a connection, exactly between two durable steps. */
import { test } from 'node:test';
import type { CrashPlan } from '../../tools/crash/crash-run.ts';
import { victimOf, type WirePoint } from '../../tools/crash/wire/wire-point.ts';
import { assertCrashRuns, crashTestOptions } from '../support/crash-runs.ts';

function struck(step: string, point: WirePoint): CrashPlan {
  const blow = { kind: 'wire', point } as const;
  return { victim: victimOf(point), blow, step, moment: 'CommandIssued', way: 'good' };
}

test(
  'a deployment ends as promised when the server never hears what a call or a commit has done',
  crashTestOptions,
  (t) =>
    assertCrashRuns(t, 'wire', [
      struck('shift-50', { place: 'verb', deed: 'unread' }),
      struck('start-candidate', { place: 'intent', deed: 'cut' }),
    ]),
);
