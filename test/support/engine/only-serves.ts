import assert from 'node:assert/strict';
import { poolOf, scope, type Surroundings } from './simulated-surroundings.ts';

/** The pool of this deployment has all traffic and runs at full size; nothing else runs. */
export function onlyServes(under: Surroundings, deployment: number): void {
  const observation = under.balancer.observe(scope);
  assert.deepEqual(observation?.weights, { [poolOf(deployment)]: 100 });
  assert.equal(observation.routing.lease, null);
  for (const pool of under.target.pools.values()) {
    const isServing = pool.spec.pool === poolOf(deployment);
    assert.equal(pool.desired, isServing ? 'running' : 'stopped', pool.spec.pool);
    for (const { state } of pool.instances) {
      assert.equal(state, isServing ? 'accepting' : 'exited', pool.spec.pool);
    }
    if (isServing) assert.equal(pool.spec.restart, 'always');
  }
}
