import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  approved,
  asked,
  stopped,
  succeeded,
  walk,
  type Walk,
} from '../../../test/support/deployment-walk.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { ApprovalPolicy } from '../plan/approval-gates.ts';
import type { Decision, DeploymentEvent } from './deployment-state.ts';

const gate: ApprovalPolicy = {
  before: 50,
  approvers: 2,
  exceptStarter: true,
  deadlineMs: 3_600_000,
};
const planOf = (...approvals: readonly ApprovalPolicy[]) =>
  aPlan({ rollout: aRolloutPolicy({ compare: ['errors'], approvals }) });

/** `answers` are given at the gate, one list after the other; then nobody comes any more. */
function atGate(...answers: readonly (readonly DeploymentEvent[])[]): Walk {
  const left = [...answers];
  return walk(planOf(gate), ({ step, deadlineMs }) => {
    if (step === 'pause') return [asked('resume')];
    if (step !== 'approve-50') return [succeeded];
    return left.shift() ?? [stopped(deadlineMs)];
  });
}

const because = ({ decisions }: Walk): string =>
  decisions.flatMap((decision) => ('because' in decision ? [decision.because] : [])).join(' ');
const given = ({ decisions }: Walk) =>
  decisions.filter(
    (decision): decision is Extract<Decision, { kind: 'ApprovalGiven' }> =>
      decision.kind === 'ApprovalGiven',
  );

test('a gate lies before the first share that is as large, judges what has traffic, and is ended by any request', () => {
  const plan = planOf(gate, { ...gate, before: 1 });
  const ids = plan.steps.map(({ id }) => id);
  const [first, second] = plan.steps.flatMap(({ action }) =>
    action.kind === 'await-approval' ? [action] : [],
  );

  assert.equal(ids[ids.indexOf('shift-10') - 1], 'approve-1');
  assert.equal(ids[ids.indexOf('shift-50') - 1], 'approve-50');
  assert.equal(first?.watched, null);
  assert.equal(second?.watched?.weight, 10);
  const { commands } = atGate([approved('bob')], [approved('eve')]);
  const held = commands.find(({ step }) => step === 'approve-50');
  assert.equal(held?.leases.length, 1);
  assert.ok(held.endedBy.includes('approve') && held.endedBy.includes('abort'));
});

test('a first release is approved before it gets all of the traffic, a rollback is not', () => {
  const rollout = aRolloutPolicy({ approvals: [gate] });
  const first = aPlan({ stable: null, inForce: null, rollout }).steps.map(({ id }) => id);
  const rollback = aPlan({ kind: 'rollback', rollout }).steps.map(({ id }) => id);

  assert.equal(first[first.indexOf('open-traffic') - 1], 'approve-50');
  assert.ok(!rollback.some((id) => id.startsWith('approve-')));
});

test('enough different people open the gate, with who and why on record', () => {
  const way = atGate([stopped(9), approved('bob')], [stopped(9), approved('eve')]);

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.deepEqual(
    given(way).map(({ actor, given: count, needed, step }) => [actor, count, needed, step]),
    [
      ['bob', 1, 2, 'approve-50'],
      ['eve', 2, 2, 'approve-50'],
    ],
  );
});

test('the same person counts once, whoever started it not at all, and another plan is refused with both digests', () => {
  const other = `sha256:${'e'.repeat(64)}`;
  const way = atGate([approved('bob'), approved('bob'), approved('ada'), approved('eve', other)]);

  assert.equal(given(way).length, 1);
  assert.match(because(way), /bob has approved already/);
  assert.match(because(way), /ada has started the deployment/);
  assert.match(because(way), new RegExp(`sha256:plan; approved was ${other}`));
  assert.equal(way.state.outcome?.kind, 'reverted');
});

test('not approved in time it reverts, and time in a pause is not counted', () => {
  const way = atGate([stopped(60_000), asked('pause')], [stopped(60_000)]);

  assert.equal(way.state.outcome?.kind, 'reverted');
  assert.equal(way.state.cause?.failure.code, 'approval-missing');
  assert.match(way.state.cause.failure.message, /^0 of 2 people had approved at approve-50/);
  const waitedMs = way.commands
    .filter(({ step }) => step === 'approve-50')
    .slice(2)
    .reduce((sum, { deadlineMs }) => sum + deadlineMs, 120_000);
  assert.equal(waitedMs, gate.deadlineMs);
});

test('nothing stands for an approval, and where none is awaited none is taken', () => {
  const way = atGate([asked('promote')], [approved('bob'), approved('eve')]);
  const early = walk(planOf(gate), ({ step }) =>
    step === 'start-candidate'
      ? [succeeded, approved('bob')]
      : step === 'approve-50'
        ? [approved('eve'), approved('dan')]
        : [succeeded],
  );

  assert.match(because(way), /waits for approvals, which nothing replaces/);
  assert.match(
    because(early),
    /No approval is awaited at probe-candidate; at approve-50 one will be/,
  );
  assert.equal(early.state.outcome?.kind, 'promoted');
});

test('approvals that come in a pause count, and the pause goes on behind the gate', () => {
  const way = walk(planOf(gate), ({ step }) => {
    if (step === 'approve-50') return [stopped(5), asked('pause')];
    if (step !== 'pause') return [succeeded];
    return [approved('bob'), approved('eve'), asked('resume')];
  });

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.equal(way.commands.filter(({ step }) => step === 'approve-50').length, 1);
});

test('whoever asks what, no gate opens before as many different people have approved of this plan', () => {
  const events = fc.array(
    fc.tuple(fc.constantFrom('ada', 'bob', 'eve', 'dan'), fc.boolean(), fc.nat({ max: 3 })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(events, (acts) => {
      const way = atGate(
        ...acts.map(([actor, isThisPlan, noise]) => [
          stopped(10),
          ...(noise === 0 ? [asked('promote')] : noise === 1 ? [asked('pause')] : []),
          approved(actor, isThisPlan ? undefined : 'sha256:other'),
        ]),
      );
      const good = new Set(
        acts.filter(([actor, isThisPlan]) => isThisPlan && actor !== 'ada').map(([actor]) => actor),
      );
      assert.equal(way.state.outcome?.kind, good.size >= 2 ? 'promoted' : 'reverted');
    }),
    { numRuns: 300 },
  );
});
