import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anOutcome } from '../load/outcome-builder.ts';
import type { Outcome } from '../load/outcome.ts';
import {
  CLIENT_PATIENCE_MS,
  CLOCKS_MS,
  isCostOfKill,
  NOTICED_MS,
  type Kill,
} from './cost-of-kill.ts';
import { victims, type Victim } from './victim.ts';

const AT_MS = 10_000;
const GONE_MS = 10_040;

function kill(victim: Victim, changes: Partial<Kill> = {}): Kill {
  const times = { atMs: AT_MS, sentAtMs: AT_MS, goneAtMs: GONE_MS };
  return { victim, ...times, candidateHadTraffic: true, ...changes };
}

/** An error that began and ended so long after the signal. */
function failed(from: number, to: number, changes: Partial<Outcome> = {}): Outcome {
  const atMs = AT_MS + from;
  return anOutcome({
    outcome: 'failed',
    reason: 'reset',
    startedAtMs: atMs,
    intendedAtMs: atMs,
    durationMs: to - from,
    ...changes,
  });
}

const comment = { kind: 'comment', method: 'POST', idempotent: false } as const;
const stream = { kind: 'sse', idempotent: false, reason: 'cut' } as const;
const webSocket = { kind: 'ws', idempotent: false, reason: 'cut' } as const;
const refused502 = { ...comment, reason: 'status-502', status: 502 } as const;
const noticed = GONE_MS - AT_MS + NOTICED_MS;
const fromBefore = { connectionFromMs: AT_MS - 5_000 } as const;

const costs: readonly [what: string, victim: Victim, error: Outcome][] = [
  ['a request in flight on the edge', 'edge', failed(-1500, 30)],
  ['a comment in flight on the edge', 'edge', failed(-5, 30, { ...comment, outcome: 'unknown' })],
  ['an answer that the edge had begun', 'edge', failed(-5, 30, { reason: 'truncated' })],
  [
    'a request on a kept-open connection to the dead edge',
    'edge',
    failed(35, 700, { reason: 'reset-reused', ...fromBefore }),
  ],
  [
    'a request whose busy client reads late that its connection is closed',
    'edge',
    failed(900, 1_900, { reason: 'reset-reused', ...fromBefore }),
  ],
  ['an event stream through the edge', 'edge', failed(-9000, 30, stream)],
  ['a WebSocket through the edge', 'edge', failed(-9000, 30, webSocket)],
  [
    'an event stream that began on a kept-open connection',
    'edge',
    failed(20, 30, { ...stream, reason: 'reset', ...fromBefore }),
  ],
  ['a comment in flight on the candidate', 'candidate', failed(-5, 30, refused502)],
  ['an event stream from the candidate', 'candidate', failed(-900, 30, stream)],
  ['a WebSocket to the candidate', 'candidate', failed(-900, 30, webSocket)],
  ['a comment in flight on the release that serves', 'stable', failed(-5, 30, refused502)],
  ['a WebSocket to the release that serves', 'stable', failed(-900, 30, webSocket)],
];

for (const [what, victim, error] of costs) {
  test(`the kill explains that it ended ${what}`, () => {
    assert.equal(isCostOfKill(error, kill(victim)), true);
  });
}

const faults: readonly [what: string, victim: Victim, error: Outcome][] = [
  ['a connection refused by the edge', 'edge', failed(30, 31, { reason: 'refused' })],
  ['a refused connection, even at the kill itself', 'edge', failed(0, 0, { reason: 'refused' })],
  ['a new connection to the edge that is reset', 'edge', failed(CLOCKS_MS + 1, 60)],
  ['a new WebSocket that is cut', 'edge', failed(CLOCKS_MS + 1, 60, webSocket)],
  ['a new event stream that is cut', 'edge', failed(CLOCKS_MS + 1, 60, stream)],
  [
    'a kept-open connection to the next edge that is reset',
    'edge',
    failed(700, 701, { reason: 'reset-reused', connectionFromMs: AT_MS + CLOCKS_MS + 1 }),
  ],
  [
    'a connection of before that is heard of only after all patience',
    'edge',
    failed(0, CLIENT_PATIENCE_MS + 100, fromBefore),
  ],
  ['an error before the kill of the edge', 'edge', failed(-90, -CLOCKS_MS - 1)],
  ['a timeout', 'edge', failed(-5, 30, { reason: 'timeout' })],
  ['an answer of the next edge', 'edge', failed(-5, 30, { reason: 'status-503', status: 503 })],
  [
    'a page in flight on the candidate',
    'candidate',
    failed(-5, 30, { reason: 'status-502', status: 502 }),
  ],
  ['a report whose answer breaks', 'candidate', failed(-900, 30, { reason: 'truncated' })],
  ['a comment that fails late', 'candidate', failed(noticed, noticed + 1, refused502)],
  [
    'a comment without an instance',
    'candidate',
    failed(-5, 30, { ...comment, reason: 'status-503' }),
  ],
  ['a new stream that is cut', 'candidate', failed(CLOCKS_MS + 1, 60, stream)],
  [
    'a page in flight on an instance of it',
    'stable',
    failed(-5, 30, { reason: 'status-502', status: 502 }),
  ],
  ['a comment without an instance', 'stable', failed(-5, 30, { ...comment, reason: 'status-503' })],
];

for (const [what, victim, error] of faults) {
  test(`the kill of the ${victim} does not explain ${what}`, () => {
    assert.equal(isCostOfKill(error, kill(victim)), false);
  });
}

test('a candidate that had no traffic yet costs no client anything', () => {
  const before = kill('candidate', { candidateHadTraffic: false });

  assert.equal(isCostOfKill(failed(-5, 30, refused502), before), false);
});

test('no error is explained by the end of a process that clients do not talk through', () => {
  for (const victim of victims.filter((name) => ['server', 'host', 'postgres'].includes(name))) {
    for (const [, , error] of costs) assert.equal(isCostOfKill(error, kill(victim)), false, victim);
  }
});
