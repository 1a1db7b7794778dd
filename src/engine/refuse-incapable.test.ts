import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedSurroundings } from '../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { aMirrorPolicy, aPlan, aRolloutPolicy } from '../../test/support/plan-builder.ts';
import type { Capability } from '../drivers/contract.ts';
import { refuseIncapable } from './refuse-incapable.ts';

const of = (...capabilities: Capability[]): ReadonlySet<Capability> => new Set(capabilities);
const plan = aPlan();

test('drivers that can do what the plan needs are taken', () => {
  const { connectDrivers } = simulatedSurroundings();

  assert.doesNotThrow(() => refuseIncapable(plan.services[0], connectDrivers(plan.services[0])));
});

test('a driver that cannot do what the plan needs is refused, naming what is missing', () => {
  const balancer = of('leases', 'fencing', 'samples', 'trips');

  assert.throws(
    () =>
      refuseIncapable(plan.services[0], {
        capabilities: { target: of('fencing'), balancer: of('fencing') },
      }),
    failsWith('config-invalid', /balancer driver "simulated" lacks leases, samples, trips/),
  );
  assert.throws(
    () => refuseIncapable(plan.services[0], { capabilities: { target: of(), balancer } }),
    failsWith('config-invalid', /target driver "simulated" lacks fencing/),
  );
});

test('a balancer that cannot mirror is refused only where something is to be mirrored', () => {
  const capabilities = {
    target: of('fencing'),
    balancer: of('leases', 'fencing', 'samples', 'trips'),
  };
  const mirrored = aPlan({ rollout: aRolloutPolicy({ mirror: aMirrorPolicy() }) });

  assert.doesNotThrow(() => refuseIncapable(plan.services[0], { capabilities }));
  assert.throws(
    () => refuseIncapable(mirrored.services[0], { capabilities }),
    failsWith('config-invalid', /balancer driver "simulated" cannot mirror requests/),
  );
});
