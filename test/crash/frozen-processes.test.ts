/** Processes that stand still for a while and go on, as on a machine that pauses. */
import { test } from 'node:test';
import { LONG_FREEZE_MS, SHORT_FREEZE_MS } from '../../tools/crash/blow.ts';
import { assertCrashRuns, crashTestOptions } from '../support/crash-runs.ts';

const short = { kind: 'freeze', forMs: SHORT_FREEZE_MS } as const;
const long = { kind: 'freeze', forMs: LONG_FREEZE_MS } as const;
const good = { moment: 'CommandIssued', way: 'good' } as const;

test(
  'a server frozen for longer than the lease has lost the traffic; what is frozen for less goes on',
  crashTestOptions,
  (t) =>
    assertCrashRuns(t, 'freeze', [
      { victim: 'server', blow: long, step: 'judge-20', ...good },
      { victim: 'edge', blow: short, step: 'shift-50', ...good },
    ]),
);
