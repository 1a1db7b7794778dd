import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawPlans } from './draw-plans.ts';
import { sumOf, totalOf, type LongRunFigures } from './long-run.ts';
import { victims } from './victim.ts';

function figures(changes: Partial<LongRunFigures>): LongRunFigures {
  return {
    requests: 100,
    rollouts: 1,
    promoted: 1,
    reverted: 0,
    held: 0,
    strikes: { 'kill edge': 1 },
    explained: {},
    unexplained: {},
    violations: [],
    seconds: 1,
    ...changes,
  };
}

test('what the chunks saw is added up, errors of each kind for themselves', () => {
  const total = sumOf([
    figures({ explained: { 'kill of edge: page reset': 2 } }),
    figures({
      strikes: { 'kill edge': 2, 'kill host': 1 },
      explained: { 'kill of edge: page reset': 1, 'kill of edge: sse cut': 1 },
      unexplained: { 'kill of host: page timeout': 1 },
      violations: ['One.'],
    }),
  ]);

  assert.equal(total.requests, 200);
  assert.deepEqual(total.strikes, { 'kill edge': 3, 'kill host': 1 });
  assert.equal(totalOf(total.explained), 4);
  assert.deepEqual(total.unexplained, { 'kill of host: page timeout': 1 });
  assert.deepEqual(total.violations, ['One.']);
});

test('strikes are drawn from the seed, and reach every victim', () => {
  const names = {
    forward: ['check-balancer', 'start-candidate', 'shift-20', 'retire-old'],
    revert: ['zero-candidate', 'stop-candidate', 'verify-state'],
  };
  const draw = (seed: number) => drawPlans(names, 'kill', { victims, seed, count: 60 });

  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
  assert.equal(new Set(draw(1).map(({ victim }) => victim)).size, victims.length);
});
