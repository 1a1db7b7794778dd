import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../validation/judge-report.ts';
import type { LockMode } from './lock-mode.ts';
import { rehearsalCriteria, type RehearsalFacts } from './rehearsal-criteria.ts';

function facts(changes: Partial<RehearsalFacts> = {}): RehearsalFacts {
  return {
    runs: [{ name: '1.sql', durationMs: 40, locks: [] }],
    ...{ planned: 1, before: [], after: [], blockedMsMax: 100, rowsLostMax: 0 },
    ...changes,
  };
}

function aRun(mode: LockMode, durationMs: number): Pick<RehearsalFacts, 'runs'> {
  return { runs: [{ name: '1.sql', durationMs, locks: [{ relation: 'public.notes', mode }] }] };
}

const part = (size: number, name = 'shop.public.notes') => ({ name, size, hash: String(size) });

test('what is applied without harm passes', () => {
  assert.equal(outcomeOf(rehearsalCriteria(facts(aRun('ACCESS EXCLUSIVE', 100)))), 'PASS');
});

test('whoever keeps others from a table for too long does not', () => {
  const criteria = rehearsalCriteria(facts(aRun('SHARE', 101)));

  assert.equal(outcomeOf(criteria), 'FAIL');
  assert.equal(criteria[1]?.observed, 'of public.notes (SHARE) for 101 ms');
});

test('what nobody saw may have kept everybody out as long as it took', () => {
  const of = (durationMs: number): Pick<RehearsalFacts, 'runs'> => ({
    runs: [{ name: '1.py', durationMs, locks: null }],
  });

  assert.equal(outcomeOf(rehearsalCriteria(facts(of(100)))), 'PASS');
  assert.equal(outcomeOf(rehearsalCriteria(facts(of(101)))), 'FAIL');
});

test('what keeps nobody out may take as long as it likes', () => {
  for (const mode of ['ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE'] as const) {
    assert.equal(outcomeOf(rehearsalCriteria(facts(aRun(mode, 60_000)))), 'PASS');
  }
});

test('a table that loses rows, or is gone, is named with how many', () => {
  const before = [part(10), part(5, 'shop.public.gone')];

  const some = rehearsalCriteria(facts({ before, after: [part(8), part(5, 'shop.public.gone')] }));
  const all = rehearsalCriteria(facts({ before, after: [part(10)] }));

  assert.deepEqual(
    [some, all].map((criteria) => criteria.at(-1)?.observed),
    ['shop.public.notes loses 2 rows', 'shop.public.gone loses 5 rows'],
  );
  assert.equal(outcomeOf(some), 'FAIL');
});

test('rows that may be lost are', () => {
  const lost = facts({ before: [part(10)], after: [part(8)], rowsLostMax: 2 });

  assert.equal(outcomeOf(rehearsalCriteria(lost)), 'PASS');
});

test('definitions have lines and no rows', () => {
  const before = [{ ...part(9), isDefinition: true as const }];

  assert.equal(outcomeOf(rehearsalCriteria(facts({ before, after: [] }))), 'PASS');
});

test('fewer than were planned are not enough', () => {
  assert.equal(outcomeOf(rehearsalCriteria(facts({ planned: 2 }))), 'FAIL');
});
