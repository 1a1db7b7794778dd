import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesAt } from '../../../../test/support/validation/places-at.ts';
import type { Component, Fact } from '../fact.ts';
import { judgeReport, type CheckVerdict } from '../judge-report.ts';
import type { ComponentsRule } from '../rule.ts';
import { addFact, newTally } from '../tally.ts';

function aRule(changes: Partial<ComponentsRule> = {}): ComponentsRule {
  return {
    ...{ subject: 'components', componentsMin: 1, vulnerabilities: null },
    licences: { allowed: ['MIT', 'ISC'], unknownMax: 0 },
    ...changes,
  };
}

const vulnerabilities: ComponentsRule['vulnerabilities'] = {
  ...{ subject: 'findings', level: 'medium', findingsMax: 0, databaseAgeMaxMs: null },
  suppressedMax: 0,
  covered: { unit: 'package', min: 1 },
  exceptStable: false,
};

function aComponent(changes: Partial<Component> = {}): Fact {
  return { kind: 'component', name: 'lodash', version: '4.17.15', licences: ['MIT'], ...changes };
}

const finding: Fact = {
  ...{ kind: 'finding', rule: 'CVE-2021-23337', level: 'high', message: '' },
  ...{ places: placesAt('lodash 4.17.15'), isSuppressed: false },
};
const looked: Fact = { kind: 'covered', unit: 'package', count: 1 };

function judged(rule: ComponentsRule, facts: readonly Fact[]): CheckVerdict {
  const tally = newTally();
  for (const fact of facts) addFact(tally, fact);
  return judgeReport(rule, tally, {
    planted: [],
    nowMs: 0,
    apart: null,
    dated: null,
    baseline: { kind: 'none' },
  });
}

function observedOf({ criteria }: CheckVerdict, what: string): string | undefined {
  return criteria.find((each) => each.what === what)?.observed;
}

test('a list without components shows nothing', () => {
  assert.equal(judged(aRule(), []).outcome, 'ERROR');
  assert.equal(judged(aRule({ componentsMin: 2 }), [aComponent()]).outcome, 'ERROR');
  assert.equal(judged(aRule(), [aComponent()]).outcome, 'PASS');
});

test('a licence that is not allowed fails, and names who has it', () => {
  const gpl = aComponent({ name: 'left', version: null, licences: ['GPL-3.0-only'] });
  const verdict = judged(aRule(), [aComponent(), gpl, gpl]);

  assert.equal(verdict.outcome, 'FAIL');
  assert.equal(
    observedOf(verdict, 'licences that are not allowed'),
    '2, the first: left under GPL-3.0-only',
  );
});

test('a component under several licences is under all of them', () => {
  assert.equal(judged(aRule(), [aComponent({ licences: ['MIT', 'ISC'] })]).outcome, 'PASS');
  assert.equal(
    judged(aRule(), [aComponent({ licences: ['MIT', 'GPL-3.0-only'] })]).outcome,
    'FAIL',
  );
});

test('without a licence, or under one that SPDX does not know, it could not be found out', () => {
  const none = aComponent({ licences: [] });
  const odd = aComponent({ name: 'odd', licences: ['SEE LICENSE IN LICENSE'] });
  const verdict = judged(aRule(), [none, odd]);

  assert.equal(verdict.outcome, 'ERROR');
  assert.equal(
    observedOf(verdict, 'licences that are missing or unknown'),
    '2, the first: lodash 4.17.15 without a licence',
  );
  const patient = aRule({ licences: { allowed: ['MIT'], unknownMax: 2 } });
  assert.equal(judged(patient, [none, odd]).outcome, 'PASS');
  assert.match(
    observedOf(judged(aRule(), [odd]), 'licences that are missing or unknown') ?? '',
    /odd 4\.17\.15 under SEE LICENSE IN LICENSE/,
  );
});

test('where licences are not asked for any will do', () => {
  const anything = [aComponent({ licences: [] }), aComponent({ licences: ['GPL-3.0-only'] })];

  assert.equal(judged(aRule({ licences: null }), anything).outcome, 'PASS');
});

test('vulnerabilities count where they are asked for, and are told elsewhere', () => {
  const told = judged(aRule(), [aComponent(), looked, finding]);

  assert.equal(told.outcome, 'PASS');
  assert.equal(observedOf(told, 'vulnerabilities, high'), '1');
  const asked = aRule({ vulnerabilities });
  assert.equal(judged(asked, [aComponent(), looked, finding]).outcome, 'FAIL');
  assert.equal(judged(asked, [aComponent(), looked]).outcome, 'PASS');
});

test('a list of components whose vulnerabilities nobody has looked for does not show that it has none', () => {
  assert.equal(judged(aRule({ vulnerabilities }), [aComponent()]).outcome, 'ERROR');
});
