import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentPath } from '../../src/engine/backup/backup-files.ts';
import { seededDraw } from './draw.ts';
import { places } from './kept-backups.ts';
import { allMutations, type Mutation } from './mutations.ts';
import { withFiles } from './subjects.ts';
import { tryMutations } from './try-mutations.ts';

const TIMES = 4;

test('a backup that was changed in whatever way is never restored and never called verified', async () => {
  const tallies = await withFiles((subject) =>
    tryMutations(allMutations, {
      ...{ subject, draw: seededDraw(7), count: TIMES * allMutations.length },
    }),
  );

  assert.deepEqual(
    tallies.filter(({ accepted }) => accepted > 0),
    [],
  );
  assert.ok(tallies.every(({ tried }) => tried === TIMES));
});

test('what changes another backup alone is told as accepted: nobody looks away', async () => {
  const harmless = (refused: Mutation['refused']): Mutation => ({
    ...{ kind: refused, refused, place: places.first },
    mutate: ({ files, ring }) => ({
      files: new Map(files).set(contentPath(places.second), Buffer.from('gone')),
      ring,
    }),
  });

  const tallies = await withFiles((subject) =>
    tryMutations([harmless('restore'), harmless('word'), harmless('both')], {
      ...{ subject, draw: seededDraw(7), count: 3 },
    }),
  );

  assert.deepEqual(
    tallies.map(({ kind, accepted }) => [kind, accepted]),
    [
      ['restore', 1],
      ['word', 1],
      ['both', 1],
    ],
  );
});
