import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { before, test } from 'node:test';
import { findViolation } from './find-violation.ts';
import { huntMutants, type Hunted } from './hunt-mutants.ts';
import { SHARE } from './mutant-scenarios.ts';
import { mutants } from './mutants.ts';

/** One processor is left to the tests that take real time. */
const PROCESSES = Math.max(1, availableParallelism() - 1);
/** Two hundred searches, the argued ones to their ends. */
const HUNT_LIMIT_MS = 1_500_000;

const hunted = new Map<string, Hunted>();
before(() => huntMutants(PROCESSES, (each) => void hunted.set(each.mutant.name, each)), {
  timeout: HUNT_LIMIT_MS,
});

for (const { name, argued } of mutants) {
  const says = argued === undefined ? 'is noticed' : 'cannot be told from outside';
  test(`${says}: ${name}`, (t) => {
    const search = hunted.get(name);
    t.diagnostic(`after ${search?.runs} runs: ${JSON.stringify(search?.found)}`);

    assert.ok(search);
    assert.equal(search.found === null, argued !== undefined);
  });
}

test('no two mutants are the same', () => {
  assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  const changes = mutants.map(({ file, find, replace }) => [file, find, replace].join('\n'));
  assert.equal(new Set(changes).size, mutants.length);
});

test('without a mutant nothing is found in the same scenarios', async () => {
  const tried = new Map(
    mutants.map(({ under = [], shape }) => [`${under.join()} ${shape}`, { under, shape }]),
  );
  const few = { likely: 12, singles: 0, swarm: 0 };

  assert.equal((await findViolation([], SHARE)).found, null);
  for (const { under, shape } of tried.values()) {
    assert.equal((await findViolation(under, few, shape)).found, null);
  }
});
