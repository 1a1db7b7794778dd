import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlan } from '../../test/support/plan-builder.ts';
import { aPlanOfOneService } from '../../test/support/store/a-plan-of-one-service.ts';
import { closureOf } from '../core/deployment/closure.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import { planAsRecorded, stateAsRecorded } from './plan-as-recorded.ts';

const plan = aPlan({ deployment: 1 });

test('a plan of one service, as older versions recorded it, is read as one of today', () => {
  assert.deepEqual(planAsRecorded(aPlanOfOneService()), plan);
  assert.equal(planAsRecorded(plan), plan);
});

test('a plan without windows, as older versions recorded it, is open at any time', () => {
  const midnight = { freezes: [], atMs: Date.parse('2026-11-29T00:00Z') };

  assert.equal(closureOf(planAsRecorded(aPlanOfOneService()), midnight, null), null);
});

test('its lease is that of its service', () => {
  const { leases: _leases, ...state } = initialState;
  const lease = { token: { deployment: 1, sequence: 4 }, ttlMs: 2_000 };
  const [{ scope }] = plan.services;

  const leased = stateAsRecorded({ ...state, lease }, plan);

  assert.deepEqual(leased, { ...initialState, leases: [{ ...lease, scope }] });
  assert.deepEqual(stateAsRecorded({ ...state, lease: null }, plan), initialState);
  assert.equal(stateAsRecorded(initialState, plan), initialState);
});
