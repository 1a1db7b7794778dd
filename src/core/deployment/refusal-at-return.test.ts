import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lostAnswer, observed, succeeded, walk } from '../../../test/support/deployment-walk.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { failureOf, type Effect } from '../failures.ts';
import type { DeploymentEvent } from './deployment-state.ts';

const plan = aPlan();

function splitDiffers(effect: Effect): DeploymentEvent {
  return {
    kind: 'CommandFailed',
    failure: failureOf('split-differs', 'somebody else changed it', { effect }),
    judgement: null,
    decidedAtNs: '100',
    zeroAtNs: null,
  };
}

const refused = splitDiffers('none');

test('a first stop that was refused turns the deployment round: nothing was stopped', () => {
  const way = walk(plan, ({ step }) => [step === plan.pointOfNoReturn ? refused : succeeded]);

  assert.equal(way.state.outcome?.kind, 'reverted');
  assert.equal(way.state.cause?.failure.code, 'split-differs');
  const after = way.commands.findIndex(({ step }) => step === plan.pointOfNoReturn) + 1;
  assert.equal(way.commands[after]?.step, 'zero-candidate');
});

test('a stop refused behind one that may have acted does not turn round', () => {
  const answers = [lostAnswer, observed(false), refused];
  const way = walk(plan, ({ step }) => [
    step === plan.pointOfNoReturn ? (answers.shift() ?? succeeded) : succeeded,
  ]);

  assert.notEqual(way.state.outcome?.kind, 'reverted');
  assert.ok(way.commands.every(({ step }) => step !== 'zero-candidate'));
});

test('a stop that failed with an unknown effect does not turn round', () => {
  const unknown = splitDiffers('unknown');
  const way = walk(plan, ({ step }) => [step === plan.pointOfNoReturn ? unknown : succeeded]);

  assert.equal(way.state.outcome?.kind, 'held');
});
