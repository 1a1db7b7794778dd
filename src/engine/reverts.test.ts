import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aQuickRollout, type WishChanges } from '../../test/support/engine/a-wish.ts';
import { onlyServes } from '../../test/support/engine/only-serves.ts';
import {
  bodiesOf,
  isJudging,
  servingEngine,
  someIntent,
  type EngineUnderTest,
} from '../../test/support/engine/run-deployment.ts';
import { poolOf, scope } from '../../test/support/engine/simulated-surroundings.ts';
import { failsWith } from '../../test/support/fails-with.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';
import { until } from '../../test/support/until.ts';
import type { FailureCode } from '../core/failures.ts';
import { operationalError } from '../core/operational-error.ts';
import { ensurePostgres } from '../platform/ensure-postgres.ts';
import { stopPostgres } from '../platform/stop-postgres.ts';
import { askDeployment } from './ask-deployment.ts';

test('what goes wrong before the point of no return ends in the old release', async (t) => {
  const postgres = await testPostgres(t);

  for (const { title, code, at, says, wish, prepare } of badReleases) {
    await t.test(`${title}: reverted with the cause ${code}`, async (t) => {
      const under = await servingEngine(t, postgres);
      prepare(under);

      const record = await under.deploy('2.0', wish);

      const cause = record.summary?.cause;
      assert.equal(record.status, 'reverted', JSON.stringify(cause));
      assert.deepEqual([cause?.failure.code, cause?.step], [code, at]);
      assert.match(cause?.failure.message ?? '', says);
      onlyServes(under, 1);
    });
  }

  await t.test(
    'an abort ends a judgement at once and is the cause; traffic is gone before it is recorded',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.requestsPerLook = 0;
      const recorded: number[] = [];
      under.atVerb = async (verb, moment) => {
        if (verb !== 'balancer.apply' || moment !== 'after') return;
        if (under.balancer.observe(scope)?.token.sequence !== 1_000_000) return;
        recorded.push(bodiesOf(await under.audit(2), 'RevertDecided').length);
      };
      const { number } = await under.start('2.0');
      await until('the traffic is judged', () => isJudging(under));

      await askDeployment(under.engine, number, {
        kind: 'abort',
        actor: 'local:ada',
        reason: 'changed my mind',
      });

      const record = await under.ended(number);
      assert.equal(record.status, 'reverted');
      assert.equal(record.summary?.cause?.failure.code, 'aborted');
      assert.match(record.summary.cause.failure.message, /^local:ada aborted .* changed my mind/);
      assert.ok((record.summary.decisionToZeroMs ?? -1) >= 0);
      assert.equal(recorded[0], 0);
      assert.equal(bodiesOf(await under.audit(number), 'AbortRefused').length, 0);
      onlyServes(under, 1);
    },
  );

  await t.test('an abort ends every wait before there is traffic, too', async (t) => {
    const under = await servingEngine(t, postgres);
    under.probe = ({ release }) => ({ ok: release.version !== '2.0', observed: 'not yet' });
    const { number } = await under.start('2.0', {
      rollout: aQuickRollout({ probing: { consecutive: 2, intervalMs: 5, deadlineMs: 60_000 } }),
    });
    await until('the candidate is probed', async () =>
      bodiesOf(await under.audit(number), 'CommandIssued').some(
        ({ step }) => step === 'probe-candidate',
      ),
    );

    await askDeployment(under.engine, number, { kind: 'abort', ...someIntent });

    const { summary } = await under.ended(number);
    assert.deepEqual(
      [summary?.outcome, summary?.cause?.failure.code, summary?.cause?.step],
      ['reverted', 'aborted', 'probe-candidate'],
    );
    onlyServes(under, 1);
  });

  await t.test(
    'an abort behind the point of no return, or after the end, comes too late',
    async (t) => {
      const under = await servingEngine(t, postgres);
      const refused: unknown[] = [];
      under.atVerb = async (verb, moment) => {
        if (verb !== 'target.stop' || moment !== 'before') return;
        await askDeployment(under.engine, 2, { kind: 'abort', ...someIntent }).catch(
          (error: unknown) => refused.push(error),
        );
      };

      const record = await under.deploy('2.0');

      assert.equal(record.status, 'promoted');
      assert.equal(refused.length, 1);
      failsWith('request-too-late', /only the way on/)(refused[0]);
      await assert.rejects(
        askDeployment(under.engine, 2, { kind: 'abort', ...someIntent }),
        failsWith('request-too-late'),
      );
    },
  );

  await t.test('a start that comes after the revert starts nothing', async (t) => {
    const under = await servingEngine(t, postgres);
    let isOnItsWay = false;
    under.atVerb = (verb, moment) => {
      if (verb !== 'target.ensure' || moment !== 'before' || isOnItsWay) return;
      isOnItsWay = true;
      // Nor do the first commands of the way back arrive.
      under.target.lostCommands.push('before', 'before');
      throw operationalError('deadline-passed', 'No answer in time.', { effect: 'unknown' });
    };

    const { status, plan } = await under.deploy('2.0');

    const start = bodiesOf(await under.audit(2), 'CommandIssued').find(
      ({ step }) => step === 'start-candidate',
    );
    assert.ok(start);
    const { target } = under.connectDrivers(plan.services[0]);
    const { stopGraceMs: _grace, ...spec } = plan.services[0].candidate;
    const context = { token: start.token, signal: AbortSignal.timeout(10_000) };
    await assert.rejects(
      target.ensure({ ...spec, environment: {} }, context),
      failsWith('token-fenced'),
    );
    assert.equal(status, 'reverted');
    onlyServes(under, 1);
  });

  await t.test('a host that is away does not hinder the first command of the revert', async (t) => {
    const under = await servingEngine(t, postgres);
    under.target.releases.set('2.0', 'exits');
    let hasFailed = false;
    under.atVerb = (verb, moment) => {
      if (verb === 'target.ensure') hasFailed = true;
      if (hasFailed && verb === 'balancer.apply' && moment === 'after')
        under.atVerb = () => undefined;
      if (!hasFailed || verb !== 'target.observe') return;
      throw operationalError('agent-unreachable', 'Away.');
    };

    const record = await under.deploy('2.0');

    assert.equal(record.status, 'reverted');
    const zero = bodiesOf(await under.audit(2), 'CommandIssued').filter(
      ({ step }) => step === 'zero-candidate',
    );
    assert.equal(zero.length, 1);
  });

  await t.test(
    'traffic of a bad release is taken away with PostgreSQL stopped; the revert ends when it is back',
    async (t) => {
      const under = await servingEngine(t, postgres);
      under.requestsPerLook = 0;
      const { number } = await under.start('2.0', {
        rollout: aQuickRollout({
          trip: { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 },
          // So long that whoever takes the traffic away, it is not time, however slow the stop.
          ...{ leaseTtlMs: 120_000, judgeDeadlineMs: 120_000 },
        }),
      });
      await until('the traffic is judged', () => isJudging(under));
      await stopPostgres(postgres.directory);
      under.balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 500, latencyUs: 1_000 }));
      under.requestsPerLook = 40;

      await until(
        'the candidate has no traffic',
        () => under.balancer.observe(scope)?.weights[poolOf(2)] === 0,
      );

      await ensurePostgres(postgres.directory);
      const record = await under.ended(number);
      assert.equal(record.status, 'reverted');
      assert.equal(record.summary?.cause?.failure.code, 'gate-failed');
      assert.ok((record.summary.decisionToZeroMs ?? -1) >= 0);
      onlyServes(under, 1);
    },
  );
});

interface BadRelease {
  readonly title: string;
  readonly code: FailureCode;
  readonly at: string;
  readonly says: RegExp;
  readonly wish?: WishChanges;
  prepare(under: EngineUnderTest): void;
}

const badReleases: readonly BadRelease[] = [
  {
    title: 'a release that dies at its start',
    code: 'instance-exited',
    at: 'start-candidate',
    says: /ended by itself/,
    prepare: ({ target }) => target.releases.set('2.0', 'exits'),
  },
  {
    title: 'a release that never accepts connections',
    code: 'instance-not-accepting',
    at: 'start-candidate',
    says: /did not accept in time/,
    wish: {
      pool: { command: ['node'], instances: 2, startTimeoutMs: 50, stopGraceMs: 100 },
    },
    prepare: ({ target }) => target.releases.set('2.0', 'never-accepts'),
  },
  {
    title: 'a release whose probes fail',
    code: 'probe-failed',
    at: 'probe-candidate',
    says: /Probe health of production\.web\.2\.0: observed status 503; expected /,
    wish: {
      rollout: aQuickRollout({ probing: { consecutive: 2, intervalMs: 5, deadlineMs: 100 } }),
    },
    prepare: (under) => {
      under.probe = ({ release }) => ({ ok: release.version !== '2.0', observed: 'status 503' });
    },
  },
  {
    title: 'a release that answers with errors',
    code: 'gate-failed',
    at: 'judge-50',
    says: /fail too often: 100 % of|it counted 5 server errors/,
    prepare: ({ balancer }) =>
      balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 500, latencyUs: 1_000 })),
  },
  {
    title: 'a release that refuses connections',
    code: 'gate-failed',
    at: 'judge-50',
    says: /fail too often: 100 % of|it counted 3 failed connections/,
    prepare: ({ balancer }) => balancer.behave(poolOf(2), () => ({ kind: 'refused' })),
  },
  {
    title: 'a release with a single error in many requests',
    code: 'gate-failed',
    at: 'judge-50',
    says: /fail too often: .* where at most 0 % may/,
    prepare: ({ balancer }) =>
      balancer.behave(poolOf(2), (request) => ({
        kind: 'answer',
        status: request === 15 ? 500 : 200,
        latencyUs: 1_000,
      })),
  },
  {
    title: 'a release that is too slow',
    code: 'gate-failed',
    at: 'judge-50',
    says: /too slow: the p95 of its response time is 5\d\d ms/,
    prepare: ({ balancer }) =>
      balancer.behave(poolOf(2), () => ({ kind: 'answer', status: 200, latencyUs: 500_000 })),
  },
  {
    title: 'a release that fails only with all traffic',
    code: 'gate-failed',
    at: 'judge-100',
    says: /fail too often|server error/,
    prepare: (under) =>
      under.balancer.behave(poolOf(2), () => ({
        kind: 'answer',
        status: under.balancer.observe(scope)?.weights[poolOf(2)] === 100 ? 500 : 200,
        latencyUs: 1_000,
      })),
  },
  {
    title: 'a release without enough traffic to be judged',
    code: 'gate-inconclusive',
    at: 'judge-50',
    says: /Too few requests/,
    wish: { rollout: aQuickRollout({ judgeDeadlineMs: 150 }) },
    prepare: (under) => {
      under.requestsPerLook = 0;
    },
  },
  {
    title: 'a controller that was away for too long',
    code: 'lease-lost',
    at: 'judge-50',
    says: /lease lapsed/,
    prepare: (under) => {
      under.requestsPerLook = 0;
      under.atVerb = (verb, moment) => {
        if (verb !== 'balancer.samples' || moment !== 'after') return;
        under.atVerb = () => undefined;
        under.balancer.advance(11_000);
      };
    },
  },
  {
    title: 'a stranger who changes the split',
    code: 'token-fenced',
    at: 'judge-50',
    says: /Token 2\.500 .* newer than that of this step/,
    prepare: (under) => {
      under.requestsPerLook = 0;
      under.atVerb = (verb, moment) => {
        if (verb !== 'balancer.samples' || moment !== 'after') return;
        under.atVerb = () => undefined;
        const routing = under.balancer.observe(scope)?.routing;
        assert.ok(routing);
        under.balancer.apply({ ...routing, lease: null }, { deployment: 2, sequence: 500 });
      };
    },
  },
];
