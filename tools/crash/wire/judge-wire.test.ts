import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import { complaintsAboutWire } from './judge-wire.ts';
import { wirePoints, type WireDeed, type WirePlace } from './wire-point.ts';

const STRUCK_MS = 10_000;

/** A record whose intent and outcome came so long after the strike. */
function complaints(
  place: WirePlace,
  deed: WireDeed,
  intent: number,
  outcome: number,
): readonly string[] {
  const entry = (kind: string, after: number): AuditEntry =>
    ({
      at: new Date(STRUCK_MS + after).toISOString(),
      body: { kind, step: 'shift-50', token: { deployment: 2, sequence: 7 } },
    }) as AuditEntry;
  const blow = { kind: 'wire', point: { place, deed } } as const;
  return complaintsAboutWire({
    plan: { victim: 'server', blow, step: 'shift-50', moment: 'CommandIssued', way: 'good' },
    strike: { pid: 1, atMs: STRUCK_MS, sentAtMs: STRUCK_MS, overAtMs: STRUCK_MS + 10 },
    audit: [entry('CommandIssued', intent), entry('CommandSucceeded', outcome)],
  });
}

test('a strike is where it says when the record has what came before it, and no more', () => {
  const agreeing: Readonly<Record<WirePlace, readonly [intent: number, outcome: number]>> = {
    intent: [5, 9],
    verb: [-5, 9],
    outcome: [-5, 9],
    checkpoint: [-9, -5],
  };
  for (const { place, deed } of wirePoints) {
    const [intent, outcome] = agreeing[place];
    const isDone = deed === 'unread' || deed === 'cut';
    const record =
      isDone && place === 'intent'
        ? ([-1, outcome] as const)
        : isDone && place === 'outcome'
          ? ([intent, -1] as const)
          : ([intent, outcome] as const);
    assert.deepEqual(complaints(place, deed, ...record), [], `${place} ${deed}`);
  }
});

test('a strike that came elsewhere than it says is told', () => {
  assert.match(complaints('intent', 'unsent', -5, 9)[0] ?? '', /intent .* was on record before/);
  assert.match(complaints('intent', 'unread', 5, 9)[0] ?? '', /intent .* was not on record/);
  assert.match(complaints('verb', 'unsent', 5, 9)[0] ?? '', /intent .* was not on record/);
  assert.match(complaints('verb', 'read', -5, -1)[0] ?? '', /outcome .* was on record before/);
  assert.match(complaints('outcome', 'cut', -5, 9)[0] ?? '', /outcome .* was not on record/);
  assert.match(complaints('checkpoint', 'unread', -5, 9)[0] ?? '', /outcome .* was not on/);
});
