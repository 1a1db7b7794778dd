/** A part of the crash matrix (`npm run crash`), judged by the same functions. */
import { test } from 'node:test';
import { assertCrashRuns, crashTestOptions } from '../support/crash-runs.ts';

const blow = { kind: 'kill' } as const;
const good = { blow, moment: 'CommandIssued', way: 'good' } as const;
const after = { blow, moment: 'CommandSucceeded', way: 'good' } as const;
const back = { blow, moment: 'CommandIssued', way: 'aborted' } as const;

test(
  'a deployment ends as promised and no client notices when the server is killed',
  crashTestOptions,
  (t) =>
    assertCrashRuns(t, 'kill', [
      { victim: 'server', step: 'start-candidate', ...good },
      { victim: 'server', step: 'shift-50', ...after },
      { victim: 'server', step: 'retire-old', ...good },
      { victim: 'server', step: 'zero-candidate', ...back },
    ]),
);

test('a deployment ends as promised whatever else is killed', crashTestOptions, (t) =>
  assertCrashRuns(t, 'kill', [
    { victim: 'host', step: 'start-candidate', ...good },
    { victim: 'host', step: 'retire-old', ...good },
    { victim: 'postgres', step: 'shift-20', ...after },
    { victim: 'postgres', step: 'stop-candidate', ...back },
    { victim: 'edge', step: 'judge-50', ...good },
    { victim: 'candidate', step: 'judge-50', ...good },
    { victim: 'stable', step: 'shift-50', ...after },
  ]),
);
