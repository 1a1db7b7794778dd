import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWaiver } from '../../../test/support/validation/a-waiver.ts';
import { idleWaivers, type ShownByRun } from './idle-waivers.ts';

function shown(changes: Partial<ShownByRun> = {}): ShownByRun {
  const outcomes = new Map([
    ['audit', 'PASS'],
    ['lint', 'FAIL'],
  ] as const);
  return { met: new Set(), outcomes, declared: ['audit', 'lint'], ...changes };
}

test('a waiver that no finding was meant by is idle once all that it may mean was judged', () => {
  const [any, ofLint] = [aWaiver(), aWaiver({ check: 'lint' })];

  assert.deepEqual(idleWaivers([any, ofLint], shown()), [any, ofLint]);
  assert.deepEqual(idleWaivers([any, ofLint], shown({ met: new Set([any]) })), [ofLint]);
});

test('a check that did not run, or could not be judged, may have what is waived', () => {
  const [any, ofLint] = [aWaiver(), aWaiver({ check: 'lint' })];
  const lintFailed = new Map([['lint', 'FAIL']] as const);
  const lintBroke = new Map([
    ['audit', 'PASS'],
    ['lint', 'ERROR'],
  ] as const);

  assert.deepEqual(idleWaivers([any, ofLint], shown({ outcomes: lintFailed })), [ofLint]);
  assert.deepEqual(idleWaivers([any, ofLint], shown({ outcomes: lintBroke })), []);
});
