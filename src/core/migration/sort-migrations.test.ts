import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sortMigrations, type MigrationsKnown, type SortableMigration } from './sort-migrations.ts';

function aFile(name: string, changes: Partial<SortableMigration> = {}): SortableMigration {
  return {
    ...{ name, digest: `digest of ${name}`, migrationClass: 'expand', isTransaction: true },
    ...{ dangers: [], questions: [], recordedAs: name },
    ...changes,
  };
}

function isApplied(name: string): MigrationsKnown['applied'][number] {
  return { name, digest: `digest of ${name}`, isFinished: true };
}

function namesOf(known: MigrationsKnown): { readonly now: string[]; readonly later: string[] } {
  const sorted = sortMigrations(known);
  assert.equal(sorted.kind, 'sorted');
  const names = (all: readonly { readonly name: string }[]): string[] =>
    all.map(({ name }) => name);
  return { now: names(sorted.now), later: names(sorted.later) };
}

const drop = aFile('2', { migrationClass: 'contract' });

test('what is not applied yet is applied now, in order', () => {
  const files = [aFile('1'), aFile('2'), aFile('3')];

  const names = namesOf({ files, applied: [isApplied('2')], shippedBefore: ['1', '2'] });

  assert.deepEqual(names, { now: ['1', '3'], later: [] });
});

test('what a tool has recorded by another name, without its text, is applied', () => {
  const files = [
    aFile('1_make.sql', { recordedAs: '1' }),
    aFile('2_fill.sql', { recordedAs: '2' }),
  ];
  const applied = [{ ...isApplied('1'), digest: null }];

  assert.deepEqual(namesOf({ files, applied, shippedBefore: [] }).now, ['2_fill.sql']);
});

test('what was broken off is applied again', () => {
  const applied = [{ ...isApplied('1'), isFinished: false }];

  assert.deepEqual(namesOf({ files: [aFile('1')], applied, shippedBefore: [] }).now, ['1']);
});

test('what takes something away waits until the release that it came with serves', () => {
  const files = [aFile('1'), drop, aFile('3')];

  assert.deepEqual(namesOf({ files, applied: [], shippedBefore: ['1'] }), {
    ...{ now: ['1', '3'], later: ['2'] },
  });
  assert.deepEqual(namesOf({ files, applied: [], shippedBefore: ['1', '2'] }), {
    ...{ now: ['1', '2', '3'], later: [] },
  });
});

test('where nothing serves there is nobody to harm', () => {
  assert.deepEqual(namesOf({ files: [drop], applied: [], shippedBefore: null }).now, ['2']);
});

test('one that was edited after it was applied is refused, by its name', () => {
  const applied = [{ ...isApplied('1'), digest: 'another' }];

  const sorted = sortMigrations({ files: [aFile('1')], applied, shippedBefore: [] });

  assert.deepEqual(sorted, {
    kind: 'refused',
    because: [
      '1 was edited after it was applied: put it back as it was, and write what is new into another file.',
    ],
  });
});

test('one that only its author can judge is refused with what is asked, unless it is applied', () => {
  const open = aFile('1', { migrationClass: 'unknown', questions: ['Line 1: who knows.'] });

  const sorted = sortMigrations({ files: [open], applied: [], shippedBefore: [] });

  assert.deepEqual(sorted, {
    kind: 'refused',
    because: ['Nobody can tell whether the code that serves lives with 1. Line 1: who knows.'],
  });
  assert.deepEqual(
    namesOf({ files: [open], applied: [isApplied('1')], shippedBefore: [] }).now,
    [],
  );
});

test('no contract migration is applied that did not come with what serves', () => {
  const name = fc.constantFrom<string>('1', '2', '3', '4', '5');
  const names = fc.uniqueArray(name);
  fc.assert(
    fc.property(names, names, names, names, (all, contracts, applied, shippedBefore) => {
      const files = [...all]
        .sort()
        .map((each) =>
          aFile(each, { migrationClass: contracts.includes(each) ? 'contract' : 'expand' }),
        );

      const sorted = namesOf({ files, applied: applied.map(isApplied), shippedBefore });

      for (const each of sorted.now) {
        assert.ok(!contracts.includes(each) || shippedBefore.includes(each));
      }
      assert.deepEqual(
        [...sorted.now, ...sorted.later].sort(),
        [...all].filter((each) => !applied.includes(each)).sort(),
      );
    }),
  );
});
