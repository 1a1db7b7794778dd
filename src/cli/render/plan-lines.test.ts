import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aPlan,
  aRolloutPolicy,
  type PlanChanges,
  type RolloutChanges,
} from '../../../test/support/plan-builder.ts';
import { createPaint } from './paint.ts';
import { planLines } from './plan-lines.ts';

function gateLines(changes: RolloutChanges): readonly string[] {
  const plan = aPlan({ rollout: aRolloutPolicy(changes) });
  const lines = planLines(plan, 'sha256:plan', createPaint(false));
  return lines.filter((line) => line.includes('compared')).map((line) => line.trim());
}

test('a plan says what of the candidate is compared, by how much it may be worse, and how sure that is', () => {
  const [first, ...others] = gateLines({ compare: ['errors', 'latency'], warmUpResponses: 500 });

  assert.equal(
    first,
    'compared with the stable release after 1000 answers: reverts when it fails more than 1.25 times as often or is more than 5 % and 1 ms slower beyond doubt, and is itself wrong in at most 1 of 1000 deployments',
  );
  assert.equal(others.length, 1);
});

test('it says by what clients stay with their release, where they do', () => {
  const plan = aPlan({
    rollout: aRolloutPolicy({ assignment: { by: 'cookie', name: 'surefoot' }, weights: [100] }),
  });

  const lines = planLines(plan, 'sha256:plan', createPaint(false));

  assert.deepEqual(
    lines.map((line) => line.trim()).filter((line) => line.startsWith('clients')),
    ['clients stay with their release, by the cookie surefoot'],
  );
});

test('it names what is compared alone, and nothing where nothing is', () => {
  const [errors] = gateLines({ compare: ['errors'] });

  assert.match(errors ?? '', /reverts when it fails more than 1\.25 times as often beyond doubt/);
  assert.deepEqual(gateLines({ compare: [] }), []);
});

test('it says what it may not take up more and more of', () => {
  const life = { safeLifeMs: 604_800_000 };
  const gauges = {
    memory: { limit: 512 * 1_024 ** 2, ...life },
    openFiles: { limit: 1_024, ...life },
  };
  const [resources] = gateLines({ compare: ['resources'], gauges });

  assert.match(
    resources ?? '',
    /reverts when it takes up more and more memory \(limit 512 MiB\) or open files \(limit 1,024\) beyond doubt/,
  );
});

function factsOf(changes: RolloutChanges, input: PlanChanges = {}): readonly string[] {
  const plan = aPlan({ rollout: aRolloutPolicy(changes), ...input });
  return planLines(plan, 'sha256:plan', createPaint(false))
    .map((line) => line.trim())
    .filter((line) => /^(strategy|capacity)/.test(line));
}

test('a plan says its strategy in words and what it costs in capacity', () => {
  const capacity = 'capacity   2 of 1.0 beside 2 of 2.0, until the point of no return';

  assert.deepEqual(factsOf({ weights: [5, 100] }), [
    'strategy   canary: 5 %, 100 % of new requests, each share judged',
    capacity,
  ]);
  assert.deepEqual(factsOf({ strategy: { kind: 'blue-green', proof: 20 }, keepOldMs: 600_000 }), [
    'strategy   blue-green: 20 passes in a row of every probe, then all new requests at once; 1.0 stays warm for 10 min more',
    capacity,
  ]);
});

test('a plan in batches says how large the candidate is behind each', () => {
  assert.match(
    factsOf({ strategy: { kind: 'rolling', batch: { instances: 1 } } })[0] ?? '',
    /^strategy {3}rolling: 1, 2 instances, each batch probed, given its share .* and judged$/,
  );
});

test('a plan with a baseline says what it is compared with and what that costs', () => {
  const changes = { weights: [50, 100], compare: ['errors'], baselineInstances: 1 } as const;

  assert.deepEqual(factsOf(changes), [
    'strategy   canary: 50 %, 100 % of new requests, each share judged beside as much for a fresh pool of 1.0',
    'capacity   2 of 1.0 beside 2 of 2.0 and 1 fresh of 1.0, until the point of no return',
  ]);
  assert.match(
    gateLines(changes)[0] ?? '',
    /^compared with a fresh pool of the stable release after/,
  );
});

test('a rollback says that it goes at once, a first deployment says nothing of what it has nothing to move from', () => {
  assert.match(factsOf({}, { kind: 'rollback' })[0] ?? '', /all traffic at once: it has served/);
  assert.deepEqual(factsOf({}, { stable: null }), []);
});
