import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { aCheck } from '../../../test/support/validation/checks.ts';
import { systemClock } from '../../platform/clock.ts';
import { noteFolder } from './run-note.ts';
import { notedRun } from './noted-run.ts';
import { runChain } from './run-chain.ts';

test('a run is noted until its evidence is whole, when nothing else of it is left', async (t) => {
  const folder = temporaryFolder(t);
  const source = join(folder, 'source');
  mkdirSync(source);
  const state = join(folder, 'state');
  const notes = (): readonly string[] =>
    readdirSync(noteFolder(state)).filter((name) => name.endsWith('.json'));
  let place = '';
  const ended = await notedRun({ stateDirectory: state, clock: systemClock }, async (noted) => {
    await runChain({
      checks: [aCheck('says', { run: ['node', '-p', 'process.cwd()'] })],
      ...{ preview: null, source, stateDirectory: state, evidence: join(folder, 'evidence') },
      workDirectory: noted.workDirectory,
      environment: { PATH: process.env['PATH'] ?? '', ...noted.environment },
      ...{ cpus: { numbers: [0], taskset: null }, self: [], reuse: null, secretValues: [] },
      judgedBy: () =>
        Promise.resolve({ nowMs: 0, excuseOf: () => null, baseline: { kind: 'none' } }),
      ...{ timeBoxMs: 60_000, clock: systemClock, signal: new AbortController().signal },
      onEvent: (event) => {
        if (event.kind === 'line') place = event.line;
      },
    });
    return { noted: notes().length, work: noted.workDirectory };
  });

  assert.match(place, /surefoot-check-/);
  assert.ok(place.startsWith(ended.work));
  assert.deepEqual([ended.noted, existsSync(ended.work), notes()], [1, false, []]);
});
