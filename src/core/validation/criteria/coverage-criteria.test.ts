import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageAsked } from '../asked/coverage-asked.ts';
import type { Criterion } from '../criterion.ts';
import { outcomeOf } from '../judge-report.ts';
import { addFact, newTally } from '../tally.ts';
import { coverageCriteria } from './coverage-criteria.ts';

function criteriaOf(written: object, lines: { covered: number; total: number }): Criterion[] {
  const tally = newTally();
  addFact(tally, { kind: 'coverage', metric: 'lines', ...lines });
  const rule = coverageAsked.ruleOf(coverageAsked.config.parse(written));
  return [...coverageCriteria(rule, tally, { kind: 'none' })];
}

test('of how many lines coverage was measured is shown', () => {
  assert.deepEqual(criteriaOf({ lines: '80%' }, { covered: 150, total: 167 })[1], {
    ...{ what: 'lines that were measured', observed: '167', limit: 'at least 1', state: 'met' },
  });
});

test('one line of one file shows nothing where more were to be measured', () => {
  const one = { covered: 1, total: 1 };
  const asked = { lines: '80%', measured: 100 };

  assert.equal(outcomeOf(criteriaOf({ lines: '80%' }, one)), 'PASS');
  assert.equal(outcomeOf(criteriaOf(asked, one)), 'ERROR');
  assert.equal(outcomeOf(criteriaOf(asked, { covered: 99, total: 99 })), 'ERROR');
  assert.equal(outcomeOf(criteriaOf(asked, { covered: 100, total: 100 })), 'PASS');
});

test('what reaches too little fails, of however few lines', () => {
  const asked = { lines: '80%', measured: 100 };

  assert.equal(outcomeOf(criteriaOf(asked, { covered: 0, total: 1 })), 'FAIL');
});

test('where no file was covered it is said what to do, and where another figure is missing only that it is', () => {
  const [none] = criteriaOf({ lines: '80%' }, { covered: 0, total: 0 });
  const [branches] = criteriaOf({ branches: '80%' }, { covered: 9, total: 9 });

  assert.equal(none?.state, 'unknown');
  assert.match(
    none.observed,
    /no file \(let the tests load what they test, or take the check out\)/,
  );
  assert.deepEqual([branches?.state, branches?.observed], ['unknown', 'not in the report']);
});
