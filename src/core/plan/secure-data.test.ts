import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPlannedDatabase, plannedMigrations } from '../../../test/support/planned-database.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import type { PlannedBackup } from '../backup/planned-backup.ts';
import { changesNothing } from './changes-nothing.ts';
import type { Plan } from './plan.ts';

const backups: readonly PlannedBackup[] = ['database', 'media'].map((name) => ({
  ...{ name, driver: 'files', ageMs: 3_600_000, partsMin: 1, timeBoxMs: 60_000 },
  configDigest: `sha256:${'0'.repeat(64)}`,
}));
const database = aPlannedDatabase();

const KINDS: readonly string[] = [
  ...['note-schema', 'check-schema', 'check-data', 'secure-backup'],
  ...['rehearse-migrations', 'apply-migrations'],
];

function dataSteps({ steps }: Plan): readonly string[] {
  return steps.filter(({ action }) => KINDS.includes(action.kind)).map(({ id }) => id);
}

test('migrations are tried on a backup of just now, and applied before the release is there', () => {
  const plan = aPlan({ backups, database });

  assert.deepEqual(dataSteps(plan), [
    ...['note-schema-before', 'check-data-before', 'secure-database', 'secure-media'],
    ...['rehearse-migrations', 'apply-migrations', 'note-schema-migrated'],
    ...['check-data-migrated', 'check-schema-after', 'check-data-after'],
  ]);
  const at = (id: string): number => plan.steps.findIndex((step) => step.id === id);
  assert.ok(at('drill-revert') < at('apply-migrations'));
  assert.ok(at('check-data-migrated') < at('start-candidate'));
  assert.ok(at('check-data-after') < plan.steps.findIndex(({ id }) => id === plan.pointOfNoReturn));
  assert.deepEqual(
    plan.services[0].backups?.map(({ name, isOwn }) => [name, isOwn]),
    [
      ['database', true],
      ['media', undefined],
    ],
  );
});

test('all that looks changes nothing, and what migrates does', () => {
  for (const { action } of aPlan({ backups, database }).steps) {
    if (!KINDS.includes(action.kind)) continue;
    assert.equal(changesNothing(action), action.kind !== 'apply-migrations');
  }
});

test('where nothing is to be migrated, what must hold is asked all the same', () => {
  const idle = aPlannedDatabase({ migrations: plannedMigrations({ now: [] }) });

  const plan = aPlan({ backups, database: idle });

  assert.deepEqual(dataSteps(plan), [
    ...['note-schema-before', 'check-data-before', 'secure-database', 'secure-media'],
    ...['check-schema-after', 'check-data-after'],
  ]);
  assert.equal(plan.services[0].backups?.[0]?.isOwn, undefined);
});

test('a repair waits for a backup of what it migrates, and for no other', () => {
  const plan = aPlan({ backups, database, kind: 'repair' });

  assert.deepEqual(dataSteps(plan).slice(0, 4), [
    ...['note-schema-before', 'check-data-before', 'secure-database', 'rehearse-migrations'],
  ]);
});

test('a rollback asks nothing of data, and changes none', () => {
  const plan = aPlan({ backups, database, kind: 'rollback' });

  assert.deepEqual(dataSteps(plan), []);
  assert.equal(plan.services[0].database, undefined);
});

test('a first deployment may make its data itself', () => {
  const plan = aPlan({ backups, database, stable: null, inForce: null });

  assert.deepEqual(dataSteps(plan), [
    ...['secure-database', 'secure-media', 'rehearse-migrations'],
    ...['apply-migrations', 'note-schema-migrated', 'note-schema-after', 'check-data-after'],
  ]);
});

test('behind a revert schema and data are looked at once more, where they were before', () => {
  const { revert } = aPlan({ database });
  assert.deepEqual(
    revert.slice(-3).map(({ id, row }) => [id, row]),
    [
      ['verify-state', 'B5'],
      ['check-schema-reverted', 'B5'],
      ['check-data-reverted', 'X4'],
    ],
  );
  const first = aPlan({ database, stable: null, inForce: null });
  assert.equal(first.revert.at(-1)?.id, 'verify-state');
});

test('drift stops a deploy, not a repair, and nobody who has said why', () => {
  const noting = (changes: Parameters<typeof aPlan>[0]) =>
    aPlan({ database, ...changes }).steps.find(({ id }) => id === 'note-schema-before')?.action;

  assert.deepEqual(noting({}), { kind: 'note-schema', onDrift: 'refuse' });
  assert.deepEqual(noting({ kind: 'repair' }), { kind: 'note-schema', onDrift: 'tell' });
  const accepted = 'an index by hand';
  assert.deepEqual(noting({ acceptDrift: accepted }), {
    ...{ kind: 'note-schema', onDrift: 'refuse', accepted },
  });
});

test('what the release changes is accepted by nobody', () => {
  const { steps } = aPlan({ database, acceptDrift: 'by hand' });
  const migrated = steps.find(({ id }) => id === 'note-schema-migrated');

  assert.deepEqual(migrated?.action, { kind: 'note-schema', onDrift: 'tell' });
});
