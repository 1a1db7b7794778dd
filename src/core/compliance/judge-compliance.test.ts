import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aControl, aShownCheck, someFacts } from '../../../test/support/core/compliance-builder.ts';
import type { Control } from './control.ts';
import { checksFor, factsFor } from './checks-for.ts';
import { judgeCompliance } from './judge-compliance.ts';

const profileOf = (controls: readonly Control[]) => ({ name: 'x', title: 'X', controls });
const elsewhere = aControl({ applies: { environments: ['staging'] } });

test('all controls that apply must pass, and those that do not are counted', () => {
  const profile = profileOf([aControl({ id: 'x-1' }), { ...elsewhere, id: 'x-2' }]);

  const { outcome, criteria, controls } = judgeCompliance(profile, someFacts());

  assert.equal(outcome, 'PASS');
  assert.deepEqual(
    controls.map((control) => control.outcome),
    ['passed', 'not-applicable'],
  );
  assert.equal(criteria.at(-1)?.observed, '1');
});

test('a profile of which nothing applies has shown nothing', () => {
  assert.equal(judgeCompliance(profileOf([elsewhere]), someFacts()).outcome, 'ERROR');
  assert.equal(judgeCompliance(profileOf([]), someFacts()).outcome, 'ERROR');
});

test('one control of any level that fails, fails the profile; what is open is an error', () => {
  const control = aControl({ level: 'note' });
  const outcomeWith = (...checks: Parameters<typeof aShownCheck>[0][]) =>
    judgeCompliance(
      profileOf([control]),
      someFacts({ checks: checks.map((each) => aShownCheck(each)) }),
    ).outcome;
  const open = aControl({ evidence: [{ kind: 'missing', why: 'nothing' }] });

  assert.deepEqual([outcomeWith('FAIL'), outcomeWith('STALE')], ['FAIL', 'ERROR']);
  assert.equal(judgeCompliance(profileOf([control, open]), someFacts()).outcome, 'ERROR');
});

test('a profile passes only when some control passed and every other passed or does not apply', () => {
  const shapes = {
    passed: aControl(),
    failed: aControl({ evidence: [{ kind: 'check', check: 'bad' }] }),
    error: aControl({ evidence: [{ kind: 'check', check: 'gone' }] }),
    open: aControl({ evidence: [{ kind: 'missing', why: 'nothing' }] }),
    elsewhere,
  };
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  const known = someFacts({ checks: [aShownCheck('PASS'), aShownCheck('FAIL', { name: 'bad' })] });
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { maxLength: 8 }), (drawn) => {
      const { outcome } = judgeCompliance(profileOf(drawn.map((name) => shapes[name])), known);

      const isGood = drawn.every((name) => name === 'passed' || name === 'elsewhere');
      assert.equal(outcome === 'PASS', isGood && drawn.includes('passed'));
      assert.equal(outcome === 'FAIL', drawn.includes('failed'));
    }),
  );
});

test('a profile says which checks and facts it is judged by', () => {
  const profile = profileOf([
    aControl({ evidence: [{ kind: 'check', check: 'lint' }] }),
    aControl({
      applies: { fact: 'address-leaves-machine' },
      evidence: [
        { kind: 'row', row: 'V3' },
        { kind: 'fact', fact: 'client-tls' },
        { kind: 'missing', why: 'nothing' },
      ],
    }),
  ]);
  const checks = { install: {}, lint: { row: 'V1' }, audit: { row: 'V3' }, unit: { row: 'V5' } };

  assert.deepEqual(checksFor(profile, checks), ['lint', 'audit']);
  assert.deepEqual(factsFor(profile), ['address-leaves-machine', 'client-tls']);
});
