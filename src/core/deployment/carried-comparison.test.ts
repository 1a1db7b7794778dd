import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failed, succeeded, walk } from '../../../test/support/deployment-walk.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { Comparison } from '../verdict/comparison.ts';
import { defaultVerdictSettings } from '../verdict/default-verdict-settings.ts';
import { initialVerdictState } from '../verdict/verdict-state.ts';
import type { Command, DeploymentEvent } from './deployment-state.ts';

const compare = ['errors'] as const;
const plan = aPlan({ rollout: aRolloutPolicy({ compare, weights: [10, 50, 100] }) });

/** Recognised by how many answers it has left out. */
function comparisonAt(leftOut: number): Comparison {
  const settings = defaultVerdictSettings({ tickMs: 1_000, horizonTicks: 60, families: compare });
  return { state: initialVerdictState(settings), beforeSecond: 99, leftOut };
}

const foundAt: Readonly<Record<string, number>> = { 'judge-10': 10, 'judge-50': 50 };

function outcomeOf({ step }: Command): DeploymentEvent {
  const leftOut = foundAt[step];
  if (leftOut === undefined) return succeeded;
  return {
    kind: 'CommandSucceeded',
    evidence: { summary: 'fine', comparison: comparisonAt(leftOut) },
  };
}

const carried = (commands: readonly Command[]) =>
  commands
    .filter(({ comparison }) => comparison !== null)
    .map(({ step, comparison }) => [step, comparison?.leftOut]);

test('what a step has found in comparing the candidate goes on in the next that compares it', () => {
  const { commands, state } = walk(plan, (command) => [outcomeOf(command)]);

  assert.deepEqual(carried(commands), [['judge-50', 10]]);
  assert.equal(state.outcome?.kind, 'promoted');
});

test('behind the last step that compares it is let go, so that no record carries it on', () => {
  const { commands, state } = walk(plan, (command) => [
    command.step === 'confirm-candidate' ? failed : outcomeOf(command),
  ]);

  assert.equal(state.outcome?.kind, 'reverted');
  assert.equal(state.comparison, null);
  assert.equal(carried(commands).length, 1);
});

test('with all of the traffic there is nothing to compare the candidate with', () => {
  const compares = plan.steps.flatMap(({ id, action }) =>
    action.kind === 'judge-traffic' && action.comparison ? [id] : [],
  );
  assert.deepEqual(compares, ['judge-10', 'judge-50']);
});
