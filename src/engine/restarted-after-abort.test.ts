import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import {
  bodiesOf,
  isJudging,
  servingEngine,
  someIntent,
} from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { askDeployment } from './ask-deployment.ts';

// Failure of others, as in the table of docs/reliability.md.
test('restart-of-aborted (Argo Rollouts 1665): the same release again begins without traffic, in a pool of its own', async (t) => {
  const under = await servingEngine(t, await testPostgres(t));
  under.requestsPerLook = 0;
  const { number } = await under.start('2.0');
  await until('the traffic is judged', () => isJudging(under));
  await askDeployment(under.engine, number, { kind: 'abort', ...someIntent });
  assert.equal((await under.ended(number)).status, 'reverted');
  under.requestsPerLook = 40;
  const early: unknown[] = [];
  under.atVerb = async () => {
    const passed = bodiesOf(await under.audit(3), 'StepPassed').map(({ step }) => step);
    const weights = under.balancer.observe(scope)?.weights ?? {};
    const isEarly = !passed.includes('probe-candidate') && (weights[poolOf(3)] ?? 0) > 0;
    if (isEarly || (weights[poolOf(2)] ?? 0) > 0) early.push(weights);
  };

  const again = await under.deploy('2.0');

  assert.equal(again.status, 'promoted');
  assert.deepEqual(early, []);
  assert.deepEqual(
    under.target.pools.get(poolOf(2))?.instances.map(({ state }) => state),
    ['exited', 'exited'],
  );
  onlyServes(under, 3);
});
