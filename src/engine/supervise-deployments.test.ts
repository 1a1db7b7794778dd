import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWish } from '../../test/support/engine/a-wish.ts';
import { createJournal } from '../../test/support/engine/journal.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import { servingEngine, someIntent } from '../../test/support/engine/run-deployment.ts';
import { scope } from '../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { initialState } from '../core/deployment/deployment-state.ts';
import { createLog } from '../platform/log.ts';
import { carryOutDeployment, type DurableSteps } from './carry-out-deployment.ts';
import { createDrivenDeployments } from './driven-deployments.ts';
import { planDeployment } from './plan-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import { superviseDeployments } from './supervise-deployments.ts';

class GivenUp extends Error {}

/** As the durable engine when a replay differs: the workflow ends for good in the middle. */
function stepsGivenUpAt(step: string): DurableSteps {
  return {
    isDisowned: (error) => error instanceof GivenUp,
    async run(name, work) {
      if (name.startsWith(step)) throw new GivenUp(name);
      return work();
    },
  };
}

test('a deployment whose workflow was given up for good is taken up, reverted, and out of the former driver’s hands', async (t) => {
  const postgres = await testPostgres(t);
  const under = await servingEngine(t, postgres);
  const { engine } = under;
  const prepared = await planDeployment(engine, aWish('2.0'));
  await startDeployment({ ...engine, begin: () => Promise.resolve() }, prepared, someIntent);
  const { deployment } = prepared.plan;
  await assert.rejects(carryOutDeployment(engine, deployment, stepsGivenUpAt('judge-')), GivenUp);
  assert.notEqual(under.balancer.observe(scope)?.routing.lease, null);

  const stop = new AbortController();
  const driven = createDrivenDeployments();
  const supervision = superviseDeployments({
    engine,
    driven,
    durable: {
      recover: () => Promise.resolve(),
      begin: (number, resumption) => {
        // The first workflow was begun, and has ended.
        if (resumption === 0) return Promise.resolve();
        const drive = () => carryOutDeployment(engine, number, createJournal(), resumption);
        void driven.while(number, drive);
        return Promise.resolve();
      },
    },
    log: createLog({ write: () => undefined }),
    signal: stop.signal,
    lostAfterMs: 0,
  });
  await until(
    'the deployment has ended',
    async () => (await engine.store.findDeployment(deployment))?.status !== 'running',
  );
  stop.abort();
  await supervision;

  const record = await engine.store.findDeployment(deployment);
  assert.equal(record?.status, 'reverted');
  assert.equal(record.resumption, 1);
  assert.equal(record.summary?.cause?.failure.code, 'internal-error');
  onlyServes(under, 1);
  const late = { deployment, resumption: 0, state: initialState, outcomeKey: 'late', audit: [] };
  await assert.rejects(engine.store.saveProgress(late), failsWith('driver-replaced'));
});
