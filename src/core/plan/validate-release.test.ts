import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan, aServiceInput } from '../../../test/support/plan-builder.ts';
import { aPlannedValidation } from '../../../test/support/validation/a-planned-validation.ts';
import { changesNothing } from './changes-nothing.ts';

const validation = aPlannedValidation();

test('a release is checked before anything else, for as long as its checks may take', () => {
  const [first, second] = aPlan({ validation }).steps;

  assert.deepEqual(
    [first?.phase, first?.row, first?.title],
    ['validation', 'V', 'Pass 1 check of 2.0'],
  );
  assert.ok(first && first.deadlineMs > validation.timeBoxMs);
  assert.ok(changesNothing(first.action));
  assert.equal(second?.id, 'check-environment');
});

test('of several services every release is checked before the first is touched', () => {
  const services = (['api', 'web'] as const).map((service) =>
    aServiceInput({ service, validation }),
  );
  const [api, web] = services;
  assert.ok(api && web);

  const { steps } = aPlan({ services: [api, web] });

  assert.deepEqual(
    steps.slice(0, 3).map(({ id }) => id),
    ['api:validate-release', 'web:validate-release', 'api:check-environment'],
  );
});

test('the first deployment of a service is checked, too', () => {
  assert.equal(aPlan({ validation, stable: null, inForce: null }).steps[0]?.id, 'validate-release');
});

test('a rollback goes back to what was checked once, and a service without checks has no such step', () => {
  for (const plan of [aPlan({ validation, kind: 'rollback' }), aPlan()]) {
    assert.equal(plan.steps[0]?.id, 'check-environment');
    assert.equal(plan.services[0].validation, undefined);
  }
});

test('no revert waits for a check', () => {
  const kinds = aPlan({ validation }).revert.map(({ action }) => action.kind);

  assert.ok(!kinds.includes('validate-release'));
});
