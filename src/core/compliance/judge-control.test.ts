import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aControl,
  aShownCheck,
  NOON_MS,
  shows,
  someFacts,
} from '../../../test/support/core/compliance-builder.ts';
import type { Criterion } from '../validation/criterion.ts';
import { outcomes } from '../validation/outcome.ts';
import type { Exemption } from './control.ts';
import { judgeControl } from './judge-control.ts';
import type { Observation } from './observable-fact.ts';

const unmet: Criterion = {
  ...{ what: 'findings', observed: '2', limit: 'none', state: 'unmet' },
};

test('a control is what its check became, with the reason and the report', () => {
  const answers = outcomes.map((outcome) => {
    const check = aShownCheck(outcome, { criteria: outcome === 'FAIL' ? [unmet] : [] });
    const { message, ...answer } = judgeControl(aControl(), someFacts({ checks: [check] }));
    assert.equal(answer.evidence[0]?.report?.path, 'lint/report');
    return [outcome, answer.outcome, message];
  });

  assert.deepEqual(answers, [
    ['PASS', 'passed', null],
    ['FAIL', 'failed', 'lint: FAIL: findings: 2, where none is allowed'],
    ['ERROR', 'error', 'lint: ERROR'],
    ['NOT_RUN', 'error', 'lint: NOT_RUN'],
    ['STALE', 'error', 'lint: STALE'],
  ]);
});

test('a check that has not run at all shows nothing', () => {
  const { outcome, message } = judgeControl(aControl(), someFacts({ checks: [] }));

  assert.deepEqual([outcome, message], ['error', 'lint: it did not run']);
});

test('a line of the protocol is shown by all checks that fulfil it, and not checked without one', () => {
  const ofRow = shows({ kind: 'row', row: 'V1' });
  const two = [aShownCheck('PASS'), aShownCheck('FAIL', { name: 'types' })];

  const some = judgeControl(ofRow, someFacts({ checks: two }));
  const none = judgeControl(ofRow, someFacts({ checks: [aShownCheck('PASS', { row: 'V2' })] }));

  assert.deepEqual([some.outcome, some.evidence.length], ['failed', 2]);
  assert.deepEqual(
    [none.outcome, none.message],
    ['not-checked', 'no check of the chain fulfils V1'],
  );
});

test('a check that is meant twice is shown once', () => {
  const control = shows({ kind: 'check', check: 'lint' }, { kind: 'row', row: 'V1' });

  assert.equal(judgeControl(control, someFacts()).evidence.length, 1);
});

const observations: Readonly<Record<Observation['state'], string>> = {
  ...{ holds: 'passed', broken: 'failed', unknown: 'error' },
};

for (const [state, expected] of Object.entries(observations)) {
  test(`a fact whose state is ${state} makes its control ${expected}`, () => {
    const control = shows({ kind: 'fact', fact: 'client-tls' });
    const facts = { 'client-tls': { state, observed: 'seen' } as Observation };

    assert.equal(judgeControl(control, someFacts({ facts })).outcome, expected);
  });
}

test('a fact that nobody looked for is no evidence', () => {
  const { outcome, message } = judgeControl(
    shows({ kind: 'fact', fact: 'client-tls' }),
    someFacts(),
  );

  assert.deepEqual([outcome, message], ['error', 'client-tls: nobody looked']);
});

test('what nothing shows yet is not checked, whatever else its control has', () => {
  const control = shows({ kind: 'check', check: 'lint' }, { kind: 'missing', why: 'no accounts' });

  const { outcome, message } = judgeControl(control, someFacts());

  assert.deepEqual([outcome, message], ['not-checked', 'nothing shows it yet: no accounts']);
});

test('a control passes exactly when each of its evidence does, and never with none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...outcomes), { maxLength: 6 }), (became) => {
      const checks = became.map((outcome, index) =>
        aShownCheck(outcome, { name: `c${index}`, row: null }),
      );
      const evidence = checks.map(({ name }) => ({ kind: 'check', check: name }) as const);

      const { outcome, message } = judgeControl(shows(...evidence), someFacts({ checks }));

      const isGood = became.length > 0 && became.every((each) => each === 'PASS');
      assert.equal(outcome === 'passed', isGood);
      assert.equal(message === null, isGood);
      if (became.includes('FAIL')) assert.equal(outcome, 'failed');
    }),
  );
});

const said: Exemption = {
  ...{ control: 'x-1', reason: 'one operator', owner: 'ada', until: '2026-11-28' },
  untilMs: Date.parse('2026-11-29T00:00:00Z') - 1,
};
const failing = { checks: [aShownCheck('FAIL')] };

test('said not to apply, a control does not until the last day is over; then that counts as none', () => {
  const onTheDay = judgeControl(
    aControl(),
    someFacts({ ...failing, exemptions: [said], nowMs: said.untilMs }),
  );
  const nextDay = judgeControl(
    aControl(),
    someFacts({ ...failing, exemptions: [said], nowMs: said.untilMs + 1 }),
  );

  assert.deepEqual(
    [onTheDay.outcome, onTheDay.message],
    ['not-applicable', 'until 2026-11-28, says ada: one operator'],
  );
  assert.equal(nextDay.outcome, 'failed');
  assert.equal(nextDay.message, 'lint: FAIL; that it does not apply, said ada until 2026-11-28');
  assert.deepEqual([onTheDay.exemption?.isInForce, nextDay.exemption?.isInForce], [true, false]);
});

test('said of another control, it says nothing of this one', () => {
  const exemptions = [{ ...said, control: 'x-2' }];

  const { outcome, exemption } = judgeControl(aControl(), someFacts({ ...failing, exemptions }));

  assert.deepEqual([outcome, exemption], ['failed', null]);
});

test('a control applies where it says, and says why it does not', () => {
  const known = someFacts({ ...failing, nowMs: NOON_MS });
  const answers = [
    { environments: ['staging'] },
    { services: ['desk', 'search'] },
    { environments: ['production'], services: ['shop'] },
  ].map((applies) => {
    const { outcome, message } = judgeControl(aControl({ applies }), known);
    return [outcome, message];
  });

  assert.deepEqual(answers, [
    ['not-applicable', 'it applies in staging only'],
    ['not-applicable', 'it applies to desk, search only'],
    ['failed', 'lint: FAIL'],
  ]);
});

test('a control that applies while a fact holds is an error where that is unknown', () => {
  const control = aControl({ applies: { fact: 'address-leaves-machine' } });
  const outcomeIf = (state: Observation['state']): string => {
    const facts = { 'address-leaves-machine': { state, observed: 'seen' } };
    return judgeControl(control, someFacts({ facts })).outcome;
  };

  assert.deepEqual(
    [outcomeIf('holds'), outcomeIf('broken'), outcomeIf('unknown')],
    ['passed', 'not-applicable', 'error'],
  );
  assert.equal(judgeControl(control, someFacts()).outcome, 'error');
});
