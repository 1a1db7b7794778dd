import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Criterion } from './criterion.ts';
import { outcomes } from './outcome.ts';
import { withCriteria } from './with-criteria.ts';

const states: readonly Criterion['state'][] = ['met', 'unmet', 'unknown', 'stale'];

const criterion = fc.record({
  ...{ what: fc.string(), observed: fc.string(), limit: fc.string() },
  state: fc.constantFrom(...states),
});

test('what was not run is worse than what was judged by something old', () => {
  const stale = { what: 'age', observed: '9 d', limit: 'at most 1 d', state: 'stale' } as const;

  assert.equal(withCriteria({ outcome: 'NOT_RUN', criteria: [] }, [stale]).outcome, 'NOT_RUN');
});

test('whatever is asked besides, nothing that had not passed does, and what is known to be bad fails', () => {
  fc.assert(
    fc.property(fc.constantFrom(...outcomes), fc.array(criterion), (outcome, criteria) => {
      const found = withCriteria({ outcome, criteria: [] }, criteria);

      const areMet = criteria.every(({ state }) => state === 'met');
      assert.equal(found.outcome === 'PASS', outcome === 'PASS' && areMet);
      if (areMet) assert.equal(found.outcome, outcome);
      if (criteria.some(({ state }) => state === 'unmet')) assert.equal(found.outcome, 'FAIL');
      assert.deepEqual(found.criteria, criteria);
    }),
  );
});
