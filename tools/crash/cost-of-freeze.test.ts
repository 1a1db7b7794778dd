import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOutcome } from '../load/outcome-builder.ts';
import type { Outcome } from '../load/outcome.ts';
import { isCostOfFreeze, type Freeze } from './cost-of-freeze.ts';
import { victims, type Victim } from './victim.ts';

const AT_MS = 20_000;
const FOR_MS = 8_500;

function freeze(victim: Victim, changes: Partial<Freeze> = {}): Freeze {
  const times = { atMs: AT_MS, overAtMs: AT_MS + FOR_MS };
  return { victim, ...times, candidateHadTraffic: true, candidateWasAlone: false, ...changes };
}

/** An error that began and ended so long after the freeze began. */
function failed(from: number, to: number, changes: Partial<Outcome> = {}): Outcome {
  const atMs = AT_MS + from;
  return anOutcome({
    outcome: 'failed',
    reason: 'timeout',
    startedAtMs: atMs,
    intendedAtMs: atMs,
    durationMs: to - from,
    ...changes,
  });
}

const comment = { kind: 'comment', method: 'POST', idempotent: false } as const;
const late = { reason: 'status-504', status: 504 } as const;

const costs: readonly [what: string, freeze: Freeze, error: Outcome][] = [
  ['a request that ran out of time at the edge', freeze('edge'), failed(-500, 9_500)],
  ['a connection that found the queue before the edge full', freeze('edge'), failed(8_000, 18_000)],
  ['a stream that was silent', freeze('edge'), failed(-30_000, 9_900, { reason: 'silent' })],
  ['a comment on the candidate', freeze('candidate'), failed(-5, 4_000, { ...comment, ...late })],
  [
    'a page on the candidate when it is the only pool',
    freeze('candidate', { candidateWasAlone: true }),
    failed(1_000, 5_010, late),
  ],
  ['a page on an instance of the stable pool', freeze('stable'), failed(10, 4_020, late)],
];

for (const [what, struck, error] of costs) {
  test(`the freeze explains that it failed: ${what}`, () => {
    assert.equal(isCostOfFreeze(error, struck), true);
  });
}

const faults: readonly [what: string, freeze: Freeze, error: Outcome][] = [
  ['a request that the edge answers with 504', freeze('edge'), failed(-5, 8_510, late)],
  ['a connection that is reset', freeze('edge'), failed(-5, 8_510, { reason: 'reset-reused' })],
  ['a refused connection', freeze('edge'), failed(10, 11, { reason: 'refused' })],
  ['an answer that breaks', freeze('edge'), failed(-5, 8_510, { reason: 'truncated' })],
  ['a time-out before the freeze', freeze('edge'), failed(-10_000, -1)],
  ['a time-out of a request that came after it', freeze('edge'), failed(8_600, 18_600)],
  ['a page that the stable pool could answer', freeze('candidate'), failed(-5, 4_000, late)],
  [
    'a comment that the balancer gave up early',
    freeze('candidate'),
    failed(-5, 3_000, { ...comment, ...late }),
  ],
  [
    'a comment that fails when the instance goes on again',
    freeze('candidate'),
    failed(7_600, 11_600, { ...comment, ...late }),
  ],
  [
    'a comment on a candidate without traffic',
    freeze('candidate', { candidateHadTraffic: false }),
    failed(-5, 4_000, { ...comment, ...late }),
  ],
  [
    'a comment that a reset ended',
    freeze('stable'),
    failed(-5, 30, { ...comment, reason: 'status-502' }),
  ],
  ['a client that ran out of patience', freeze('candidate'), failed(-5, 10_000, comment)],
];

for (const [what, struck, error] of faults) {
  test(`the freeze of the ${struck.victim} does not explain ${what}`, () => {
    assert.equal(isCostOfFreeze(error, struck), false);
  });
}

test('no error is explained by the freeze of a process that clients do not talk through', () => {
  for (const victim of victims.filter((name) => ['server', 'host', 'postgres'].includes(name))) {
    for (const [, struck, error] of costs) {
      assert.equal(isCostOfFreeze(error, { ...struck, victim }), false, victim);
    }
  }
});
