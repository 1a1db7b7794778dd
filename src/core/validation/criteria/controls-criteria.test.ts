import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { outcomeOf } from '../judge-report.ts';
import { controlOutcomes, type ControlOutcome, type Fact } from '../fact.ts';
import { isAtLeast, levels, type Level } from '../level.ts';
import type { ControlsRule } from '../rule.ts';
import { addFact, newTally } from '../tally.ts';
import type { Criterion } from '../criterion.ts';
import { controlsCriteria } from './controls-criteria.ts';

function aRule(changes: Partial<ControlsRule> = {}): ControlsRule {
  return {
    subject: 'controls',
    level: 'note',
    controlsMin: 1,
    notCheckedMax: 0,
    waivedMax: 0,
    ...changes,
  };
}

function controls(
  outcome: ControlOutcome,
  count = 1,
  { level = 'medium', name = outcome }: { level?: Level; name?: string } = {},
): readonly Fact[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ kind: 'control', id: `${name}-${at}`, title: 'Root has no mail', level, outcome },
    message: null,
  }));
}

function criteriaOf(facts: readonly Fact[], rule = aRule()): readonly Criterion[] {
  const tally = newTally();
  for (const fact of facts) addFact(tally, fact);
  return controlsCriteria(rule, tally);
}

function judged(facts: readonly Fact[], rule = aRule()): string {
  return outcomeOf(criteriaOf(facts, rule));
}

function observed(criteria: readonly Criterion[], what: string): string | undefined {
  return criteria.find((criterion) => criterion.what === what)?.observed;
}

test('controls pass when all that apply do, and those that do not are told', () => {
  const facts = [...controls('passed', 17), ...controls('not-applicable', 26)];

  assert.equal(judged(facts), 'PASS');
  assert.equal(observed(criteriaOf(facts), 'controls that do not apply'), '26');
});

test('where no control applies nothing was shown', () => {
  assert.equal(judged(controls('not-applicable', 44)), 'ERROR');
  assert.equal(judged([]), 'ERROR');
  assert.equal(judged(controls('waived', 44), aRule({ waivedMax: 44 })), 'ERROR');
  assert.equal(judged(controls('not-checked', 44), aRule({ notCheckedMax: 44 })), 'ERROR');
});

test('fewer that apply than are asked for show too little', () => {
  assert.equal(judged(controls('passed', 9), aRule({ controlsMin: 10 })), 'ERROR');
  assert.equal(judged(controls('passed', 10), aRule({ controlsMin: 10 })), 'PASS');
});

test('one that could not be checked is an error however many passed, and is named', () => {
  const facts = [...controls('passed', 99), ...controls('error')];

  assert.equal(judged(facts, aRule({ level: 'critical' })), 'ERROR');
  assert.equal(observed(criteriaOf(facts), 'controls that could not be checked'), '1, as: error-0');
});

test('those that nobody checked are an error beyond what is allowed', () => {
  const facts = [...controls('passed', 9), ...controls('not-checked', 2)];

  assert.equal(judged(facts), 'ERROR');
  assert.equal(judged(facts, aRule({ notCheckedMax: 1 })), 'ERROR');
  assert.equal(judged(facts, aRule({ notCheckedMax: 2 })), 'PASS');
});

test('a failure fails from its level on, with the worst by name, and below it is told', () => {
  const facts = [
    ...controls('passed', 9),
    ...controls('failed', 30, { level: 'low' }),
    ...controls('failed', 1, { level: 'high', name: 'bad' }),
  ];
  const high = criteriaOf(facts, aRule({ level: 'medium' }));

  assert.equal(judged(facts, aRule({ level: 'critical' })), 'PASS');
  assert.equal(judged(facts, aRule({ level: 'medium' })), 'FAIL');
  assert.equal(high[0]?.observed, '1, the worst: bad-0');
  assert.equal(judged(facts), 'FAIL');
  assert.equal(
    observed(criteriaOf(facts, aRule({ level: 'medium' })), 'controls below it that failed'),
    '30',
  );
});

test('what a tool was told to leave out fails beyond what is allowed', () => {
  const facts = [...controls('passed'), ...controls('waived', 2)];
  const what = 'controls that the tool was told to leave out';

  assert.equal(judged(facts), 'FAIL');
  assert.equal(judged(facts, aRule({ waivedMax: 1 })), 'FAIL');
  assert.equal(judged(facts, aRule({ waivedMax: 2 })), 'PASS');
  assert.equal(observed(criteriaOf(facts), what), '2');
  assert.equal(observed(criteriaOf(controls('passed')), what), undefined);
});

test('a verdict passes only on controls that passed, whatever else there is', () => {
  const control = fc.record({
    outcome: fc.constantFrom(...controlOutcomes),
    level: fc.constantFrom(...levels),
  });
  fc.assert(
    fc.property(fc.array(control), fc.constantFrom(...levels), (found, level) => {
      const facts = found.flatMap((each) => controls(each.outcome, 1, { level: each.level }));
      const has = (wanted: ControlOutcome): boolean =>
        found.some(({ outcome }) => outcome === wanted);
      const isBad = found.some((each) => each.outcome === 'failed' && isAtLeast(each.level, level));
      const isUnknown = has('error') || has('not-checked') || !(has('passed') || has('failed'));
      const expected = isBad || has('waived') ? 'FAIL' : isUnknown ? 'ERROR' : 'PASS';

      assert.equal(judged(facts, aRule({ level })), expected);
    }),
  );
});
