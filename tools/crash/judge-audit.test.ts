import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import { complaintsAboutAudit } from './judge-audit.ts';

function entry(
  sequence: number,
  kind: 'CommandIssued' | 'CommandSucceeded',
  step: string,
  token: number,
): AuditEntry {
  const about = { step, attempt: 1, purpose: 'act', token: { deployment: 2, sequence: token } };
  return { sequence, body: { kind, ...about } } as AuditEntry;
}

const good = [
  entry(1, 'CommandIssued', 'shift-20', 5),
  entry(2, 'CommandSucceeded', 'shift-20', 5),
  entry(3, 'CommandIssued', 'judge-20', 6),
];

test('a record in which everything is there once has nothing to be said against', () => {
  assert.deepEqual(complaintsAboutAudit(good), []);
});

const faults: readonly [what: string, last: AuditEntry, complaint: RegExp][] = [
  ['issued twice', entry(4, 'CommandIssued', 'shift-20', 5), /shift-20#1\.5 .* issued twice/],
  ['ended twice', entry(4, 'CommandSucceeded', 'shift-20', 5), /ended twice/],
  ['ended without its intent', entry(4, 'CommandSucceeded', 'shift-50', 7), /never issued/],
  ['under the token of another', entry(4, 'CommandIssued', 'shift-50', 6), /have token 6/],
  ['out of order', entry(3, 'CommandSucceeded', 'judge-20', 6), /Entry 3 came after entry 3/],
];

for (const [what, last, complaint] of faults) {
  test(`a command that is on record ${what} is told`, () => {
    assert.match(complaintsAboutAudit([...good, last]).join('\n'), complaint);
  });
}
