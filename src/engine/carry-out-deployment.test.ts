import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import pg from 'pg';
import { aQuickRollout } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import {
  bodiesOf,
  engineUnderTest,
  isJudging,
  servingEngine,
  someIntent,
  type EngineUnderTest,
} from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import { operationalError } from '../core/operational-error.ts';
import type { PreparedPlan } from './plan-deployment.ts';
import { planRollback } from './plan-rollback.ts';
import { startDeployment } from './start-deployment.ts';

test('deployments are carried out over a real database and simulated drivers', async (t) => {
  const postgres = await testPostgres(t);

  await t.test('a first deployment is promoted and takes all traffic', async (t) => {
    const under = await engineUnderTest(t, postgres);

    const record = await under.deploy('1.0');

    assert.equal(record.status, 'promoted');
    onlyServes(under, 1);
  });

  await t.test(
    'a first deployment that fails leaves a closed door and nothing running',
    async (t) => {
      const under = await engineUnderTest(t, postgres);
      under.target.releases.set('1.0', 'exits');

      const record = await under.deploy('1.0');

      assert.equal(record.status, 'reverted');
      assert.deepEqual(under.balancer.observe(scope)?.routing.pools, []);
      assert.equal(under.target.pools.get(poolOf(1))?.desired, 'stopped');
    },
  );

  await t.test(
    'a good release is promoted without a client error, the old one retired',
    async (t) => {
      const under = await servingEngine(t, postgres);

      const record = await under.deploy('2.0');

      assert.equal(record.status, 'promoted');
      assert.equal(record.summary?.exposure.clientErrors, 0);
      assert.ok(record.summary.exposure.requests >= 20);
      assert.equal(record.summary.decisionToZeroMs, null);
      onlyServes(under, 2);
      const entries = await under.audit(2);
      assert.deepEqual(
        bodiesOf(entries, 'CommandSucceeded').map(({ step }) => step),
        record.plan.steps.map(({ id }) => id),
      );
    },
  );

  await t.test(
    'dying at every verb and step changes neither the way nor what is recorded',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.engine.begin = () => Promise.resolve();
      const { number, plan } = await under.start('2.0');

      const { record, deaths } = await under.carryOutDying(number, () => true);

      assert.ok(deaths.length > 3 * plan.steps.length, deaths.join('\n'));
      assert.equal(record.status, 'promoted');
      onlyServes(under, 2);
      const entries = await under.audit(2);
      for (const kind of ['CommandIssued', 'CommandSucceeded', 'StepPassed'] as const) {
        assert.deepEqual(
          bodiesOf(entries, kind).map(({ step }) => step),
          plan.steps.map(({ id }) => id),
          kind,
        );
      }
      assert.equal(bodiesOf(entries, 'DeploymentEnded').length, 1);
      assert.equal(under.target.nextPid, 1_004, 'no instance was started twice');
    },
  );

  await t.test(
    'dying at every verb and step of a bad release reverts it for its own cause',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 500, latencyUs: 1_000 }));
      under.engine.begin = () => Promise.resolve();
      const { number } = await under.start('2.0', {
        rollout: aQuickRollout({ trip: { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 } }),
      });

      const { record, deaths } = await under.carryOutDying(number, () => true);

      assert.ok(deaths.includes('judge-50#1: after balancer.apply'));
      assert.equal(record.status, 'reverted');
      assert.equal(record.summary?.cause?.failure.code, 'gate-failed');
      assert.match(record.summary.cause.failure.message, /fail too often/);
      assert.equal(bodiesOf(await under.audit(2), 'RevertDecided').length, 1);
      onlyServes(under, 1);
    },
  );

  await t.test(
    'a lost answer is looked after, and what is in force is not sent again',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.target.lostCommands.push('after');

      const record = await under.deploy('2.0');

      assert.equal(record.status, 'promoted');
      const entries = await under.audit(2);
      assert.deepEqual(
        bodiesOf(entries, 'EffectObserved').map(({ step, inForce }) => [step, inForce]),
        [['start-candidate', true]],
      );
      assert.equal(bodiesOf(entries, 'CommandFailed')[0]?.failure.effect, 'unknown');
      assert.equal(bodiesOf(entries, 'RetryDecided').length, 0);
    },
  );

  await t.test('a command that never arrived is sent again under a new token', async (t) => {
    const under = await servingEngine(t, postgres);
    under.target.lostCommands.push('before');

    const record = await under.deploy('2.0');

    assert.equal(record.status, 'promoted');
    const issued = bodiesOf(await under.audit(2), 'CommandIssued').filter(
      ({ step }) => step === 'start-candidate',
    );
    assert.deepEqual(
      issued.map(({ purpose, attempt }) => [purpose, attempt]),
      [
        ['act', 1],
        ['observe', 2],
        ['act', 3],
      ],
    );
    assert.equal(issued[0]?.token.sequence, issued[1]?.token.sequence);
    assert.ok((issued[2]?.token.sequence ?? 0) > (issued[1]?.token.sequence ?? 0));
  });

  await t.test('an agent that is away for a moment is waited for', async (t) => {
    const under = await servingEngine(t, postgres);
    let refusals = 3;
    under.atVerb = (verb, moment) => {
      if (verb !== 'balancer.apply' || moment !== 'before' || refusals-- <= 0) return;
      throw operationalError('agent-unreachable', 'No answer.');
    };

    assert.equal((await under.deploy('2.0')).status, 'promoted');
  });

  await t.test('a bug on the way there reverts, and nothing is left open', async (t) => {
    const under = await servingEngine(t, postgres);
    bugAt(under, 'target.ensure');

    const reverted = await under.deploy('2.0');

    under.atVerb = () => undefined;
    assert.equal(reverted.status, 'reverted');
    const cause = reverted.summary?.cause;
    assert.deepEqual([cause?.failure.code, cause?.step], ['internal-error', 'start-candidate']);
    onlyServes(under, 1);
  });

  await t.test(
    'a bug on the way back holds the deployment, and a rollback ends what it left open',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.atVerb = (name, moment) => {
        const isBroken = name === 'balancer.samples' || name === 'target.stop';
        if (isBroken && moment === 'before') throw new TypeError('x is not a function');
      };

      const held = await under.deploy('2.0');

      under.atVerb = () => undefined;
      assert.equal(held.status, 'held');
      assert.equal(held.state.outcome?.kind, 'held');
      await assert.rejects(under.deploy('3.0'), failsWith('scope-busy', /ended HELD/));
      const restored = await begin(
        under,
        await planRollback(under.engine.store, 'production', 'web'),
      );
      assert.equal(restored.status, 'promoted');
      onlyServes(under, 1);
      assert.equal((await under.deploy('3.0')).status, 'promoted');
    },
  );

  await t.test('a bug while the old release is retired is ended by going on', async (t) => {
    const under = await servingEngine(t, postgres);
    bugAt(under, 'target.stop');

    const held = await under.deploy('2.0');

    under.atVerb = () => undefined;
    assert.deepEqual([held.status, held.summary?.cause?.step], ['held', 'retire-old']);
    const restored = await begin(
      under,
      await planRollback(under.engine.store, 'production', 'web'),
    );
    assert.equal(restored.status, 'promoted');
    onlyServes(under, 2);
  });

  await t.test(
    'a plan for drivers that this Surefoot does not have is held, not stuck',
    async (t) => {
      const under = await engineUnderTest(t, postgres);

      const record = await under.deploy('1.0', { target: { driver: 'nowhere', config: {} } });

      assert.equal(record.status, 'held');
      assert.match(record.summary?.cause?.failure.message ?? '', /no target driver "nowhere"/);
    },
  );

  await t.test('back to the release before, which starts again and is not judged', async (t) => {
    const under = await servingEngine(t, postgres);
    await under.deploy('2.0');

    const record = await begin(under, await planRollback(under.engine.store, 'production', 'web'));

    assert.deepEqual([record.status, record.plan.kind], ['promoted', 'rollback']);
    assert.equal(record.plan.services[0].release.version, '1.0');
    onlyServes(under, 3);
    assert.equal(
      bodiesOf(await under.audit(3), 'CommandIssued').some(
        ({ action }) => action.kind === 'judge-traffic',
      ),
      false,
    );
  });

  await t.test('while another holds the lock no verb is sent that changes anything', async (t) => {
    const under = await servingEngine(t, postgres);
    under.requestsPerLook = 0;
    const { number } = await under.start('2.0');
    await until('the traffic is judged', () => isJudging(under));
    const release = await takeLock(t, under);
    const lostAtNs = under.clock.monotonicNs();
    under.requestsPerLook = 40;
    await until('the judgement is recorded', async () =>
      bodiesOf(await under.audit(number), 'CommandSucceeded').some(
        ({ step }) => step === 'judge-50',
      ),
    );
    const releasedAtNs = under.clock.monotonicNs();
    await release();

    const record = await under.ended(number);

    assert.equal(record.status, 'promoted');
    const meanwhile = under.seen.filter(
      ({ name, atNs }) => atNs > lostAtNs && atNs < releasedAtNs && !/observe|samples/.test(name),
    );
    assert.deepEqual(meanwhile, []);
  });
});

function bugAt(under: EngineUnderTest, verb: string): void {
  under.atVerb = (name, moment) => {
    if (name === verb && moment === 'before') throw new TypeError('x is not a function');
  };
}

async function begin(under: EngineUnderTest, prepared: PreparedPlan) {
  const { deployment } = await startDeployment(under.engine, prepared, someIntent);
  return under.ended(deployment.number);
}

/** Another session gets the engine's lock; resolves with the way to give it back. */
async function takeLock(t: TestContext, under: EngineUnderTest): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: under.store.connectionString });
  await client.connect();
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await client.end();
    isOpen = false;
  };
  t.after(close);
  const waiting = client.query(
    `select pg_advisory_lock(hashtextextended('surefoot executor test', 0))`,
  );
  await under.store.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'surefoot-lock' and datname = current_database()`,
  );
  await waiting;
  await until('the engine has noticed', () => !under.engine.lock.isHeld());
  return close;
}
