import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedMigrations } from '../../core/migration/planned-database.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import {
  aPlannedDatabase,
  aPlannedMigration,
  plannedMigrations,
} from '../../../test/support/planned-database.ts';
import { createPaint } from './paint.ts';
import { planLines } from './plan-lines.ts';

function factsOf(changes: Partial<PlannedMigrations>): readonly string[] {
  const database = aPlannedDatabase({ migrations: plannedMigrations(changes) });
  return planLines(aPlan({ database }), 'sha256:plan', createPaint(false))
    .map((line) => line.trim())
    .filter((line) => /^(migrations|later) /.test(line));
}

const later = [{ ...aPlannedMigration('3.sql'), migrationClass: 'contract' }] as const;

test('a plan says which migrations are applied, which were, and which wait and what for', () => {
  assert.deepEqual(factsOf({ shipped: ['1.sql', '2.sql', '3.sql'], later }), [
    'migrations  1.sql (expand); 1 of 3 applied before',
    'later       3.sql (contract: with the first deployment after 2.0 serves, as what serves now may need what it takes away)',
  ]);
});

test('where nothing is applied, what waits is said all the same', () => {
  const facts = factsOf({ shipped: ['1.sql', '3.sql'], now: [], later });

  assert.equal(facts[0], 'migrations  none; 1 of 2 applied before');
  assert.match(facts[1] ?? '', /^later {7}3\.sql \(contract: /);
});

test('a folder without a migration is told apart from one whose migrations were all applied', () => {
  assert.deepEqual(factsOf({ shipped: [], now: [] }), ['migrations  none: 2.0 brings none']);
  assert.deepEqual(factsOf({ shipped: ['1.sql'], now: [] }), [
    'migrations  none; 1 of 1 applied before',
  ]);
});
