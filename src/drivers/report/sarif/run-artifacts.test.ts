import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addArtifact, newArtifacts, type ArtifactsMax } from './run-artifacts.ts';

function added(uris: readonly (readonly [number, string?])[], max: ArtifactsMax) {
  const artifacts = newArtifacts(max);
  for (const [run, uri] of uris) addArtifact(artifacts, run, { location: { uri } });
  return [...artifacts.runs.values()].map(({ count, locations }) => ({
    count,
    uris: locations.map(({ uri }) => uri),
  }));
}

test('files are counted of each run, and named in their places', () => {
  const runs = added([[0, 'a'], [1, 'b'], [0], [0, 'c']], { uris: 9, characters: 9 });

  assert.deepEqual(runs, [
    { count: 3, uris: ['a', '', 'c'] },
    { count: 1, uris: ['b'] },
  ]);
});

test('of more files than can be remembered all are counted, and none takes the place of another', () => {
  const many = added(
    [
      [0, 'a'],
      [0, 'b'],
      [0, 'c'],
    ],
    { uris: 2, characters: 9 },
  );
  const long = added(
    [
      [0, 'a'],
      [0, 'long'],
      [0, 'c'],
      [1, 'd'],
    ],
    { uris: 9, characters: 3 },
  );

  assert.deepEqual(many, [{ count: 3, uris: ['a', 'b'] }]);
  assert.deepEqual(long, [
    { count: 3, uris: ['a'] },
    { count: 1, uris: [] },
  ]);
});
