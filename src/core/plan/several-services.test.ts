import assert from 'node:assert/strict';
import { test } from 'node:test';
import { succeeded, walk } from '../../../test/support/deployment-walk.ts';
import { aPlan, aPlanInput, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import { anApiBeforeWeb } from '../../../test/support/several-services.ts';
import { failureOf } from '../failures.ts';
import { compilePlan } from './compile-plan.ts';
import type { Plan } from './plan.ts';
import { watchedTraffic } from './watched-traffic.ts';

const plan = aPlan({ services: anApiBeforeWeb() });
const ids = plan.steps.map(({ id }) => id);
const at = (id: string): number => {
  assert.ok(ids.includes(id), `${id} is no step of ${ids.join(', ')}`);
  return ids.indexOf(id);
};

test('each service goes the way that it goes alone', () => {
  for (const { service, scope } of plan.services) {
    const own = plan.steps.filter((step) => step.scope === scope);
    const [api, web] = anApiBeforeWeb();
    const alone = aPlan({ services: [service === 'api' ? api : web] });

    assert.deepEqual(
      own.map(({ id }) => id),
      alone.steps.map(({ id }) => `${service}:${id}`),
    );
  }
});

test('what others depend on has all of its traffic before they get any', () => {
  assert.ok(at('web:drill-revert') < at('api:start-candidate'), 'nothing begins before all fit');
  assert.ok(at('api:shift-100') < at('web:start-candidate'));
});

test('no old release is stopped before all new ones have their traffic and were looked at once more', () => {
  const first = ids.findIndex((id) => id.endsWith(':retire-old'));

  assert.equal(plan.pointOfNoReturn, ids[first]);
  assert.ok(ids.slice(0, first).includes('web:settle-split'));
  assert.deepEqual(
    ids.slice(first).filter((id) => /:(shift|judge|confirm|reprobe|verify|settle)-/.test(id)),
    [],
  );
});

test('the way back takes all traffic away first, from those who depend on others before these', () => {
  const back = plan.revert.map(({ id }) => id);

  assert.deepEqual(back.slice(0, 2), ['web:zero-candidate', 'api:zero-candidate']);
  assert.ok(back.indexOf('web:restore-stable') < back.indexOf('api:restore-stable'));
  assert.deepEqual(back.slice(-2), ['web:verify-state', 'api:verify-state']);
});

test('leases of all services that have traffic are renewed until each is settled', () => {
  const way = walk(plan, () => [succeeded]);
  const leasesAt = (step: string): readonly string[] =>
    way.commands.find((command) => command.step === step)?.leases.map(({ scope }) => scope) ?? [];

  assert.deepEqual(leasesAt('api:shift-10'), []);
  assert.deepEqual(leasesAt('web:start-candidate'), ['production/api']);
  assert.deepEqual(leasesAt('web:judge-50'), ['production/api', 'production/web']);
  assert.deepEqual(leasesAt('web:settle-split'), ['production/web']);
  assert.deepEqual(leasesAt(ids.find((id) => id.endsWith(':retire-old')) ?? ''), []);
  assert.equal(way.state.outcome?.kind, 'promoted');
});

test('a failure of any service turns all of them round', () => {
  // Before that nothing was changed.
  const changing = ids.slice(at('api:start-candidate'), at(plan.pointOfNoReturn ?? ''));
  for (const step of changing) {
    const failure = failureOf('probe-failed', 'It did not answer.');
    const failed = {
      kind: 'CommandFailed',
      ...{ failure, judgement: null, decidedAtNs: '1', zeroAtNs: null },
    } as const;
    const way = walk(plan, (command) => [command.step === step ? failed : succeeded]);

    assert.equal(way.state.outcome?.kind, 'reverted', step);
    const sent = way.commands.map((command) => command.step);
    for (const { id } of plan.revert) assert.ok(sent.includes(id), `${id} after ${step}`);
    const turned = way.commands.slice(sent.indexOf('web:zero-candidate'));
    assert.ok(turned.every(({ leases }) => leases.length === 0));
  }
});

test('where one stands still, the traffic that another has by now is watched as it was judged last', () => {
  const position = at('web:judge-10');
  const [api, web] = plan.services;

  assert.equal(watchedTraffic(plan, position)?.candidate, web?.candidate.pool);
  assert.equal(watchedTraffic(plan, position)?.weight, 10);
  assert.equal(watchedTraffic(plan, position, api.scope)?.candidate, api.candidate.pool);
  assert.equal(watchedTraffic(plan, position, api.scope)?.weight, 100);
  assert.equal(watchedTraffic(plan, at('api:shift-10'), web?.scope), null);
});

test('one service that cannot be brought in keeps all of them from it', () => {
  const [api, web] = anApiBeforeWeb();
  const rolling = aRolloutPolicy({ strategy: { kind: 'rolling', batch: { instances: 9 } } });

  const compiled = compilePlan(aPlanInput({ services: [api, { ...web, rollout: rolling }] }));

  assert.equal(compiled.kind, 'refused');
});

test('the bound on wrong rollbacks is of a deployment, whose compared services share it', () => {
  const rollout = aRolloutPolicy({ compare: ['errors'] });
  const boundsOf = ({ steps }: Plan) => {
    const bounds = steps.flatMap(({ action }) =>
      action.kind === 'judge-traffic' && action.comparison
        ? [action.comparison.settings.falseRollback]
        : [],
    );
    return [...new Set(bounds)];
  };

  const [api, web] = anApiBeforeWeb({ rollout });
  const unjudged = { ...web, rollout: aRolloutPolicy({ compare: [] }) };

  assert.deepEqual(boundsOf(aPlan({ rollout })), [0.001]);
  assert.deepEqual(boundsOf(aPlan({ services: [api, web] })), [0.0005]);
  assert.deepEqual(boundsOf(aPlan({ services: [api, unjudged] })), [0.001]);
});
