import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { sarifReport } from './driver.ts';

const config = { level: 'medium', max: 0, suppressed: 0, covered: 1 } as const;
const reader = sarifReport.connect(config, { stateDirectory: '/nowhere' });

const findingsIn = (results: readonly object[], more: object) => {
  const run = { tool: { driver: { name: 'lint' } }, results, ...more };
  const text = JSON.stringify({ version: '2.1.0', runs: [run] });
  return factsOfKind(reader, text, 'finding');
};

function at(...locations: readonly object[]): object {
  return { ruleId: 'no-eval', message: { text: 'evil' }, level: 'error', locations };
}

test('a place is below its base, and a base below another', async () => {
  const originalUriBaseIds = {
    ROOT: { uri: 'file:///srv/shop/' },
    SUB: { uri: 'src', uriBaseId: 'ROOT' },
    OPEN: { description: { text: 'where it was looked at' } },
    LOOP: { uri: 'a/', uriBaseId: 'LOOP' },
  };
  const below = (uriBaseId?: string): object => ({
    physicalLocation: { artifactLocation: { uri: 'bait.txt', uriBaseId } },
  });
  const listed = { physicalLocation: { artifactLocation: { index: 0 } } };
  const bases = [undefined, 'ROOT', 'SUB', 'OPEN', 'unheard-of', 'constructor'];
  const artifacts = [{ location: { uri: 'b.js', uriBaseId: 'SUB' } }];
  const results = [at(...bases.map(below), listed), at(below('LOOP'))];

  const [found, looped] = await findingsIn(results, { originalUriBaseIds, artifacts });

  assert.deepEqual(
    found?.places.map(({ paths }) => paths[0]),
    [
      ...['bait.txt', '/srv/shop/bait.txt', '/srv/shop/src/bait.txt'],
      ...['bait.txt', 'bait.txt', 'bait.txt', '/srv/shop/src/b.js'],
    ],
  );
  assert.match(looped?.places[0]?.text ?? '', /^(?:a\/)+bait\.txt$/);
});

test('what lies in an archive, and what is no file, is no file of that path', async () => {
  const artifacts = [
    { location: { uri: 'vendor/app.zip' } },
    { location: { uri: 'bait.txt' }, parentIndex: 0 },
  ];
  const results = [
    at({ physicalLocation: { artifactLocation: { index: 1 } } }),
    at({ physicalLocation: { artifactLocation: { uri: 'bait.txt', index: 1 } } }),
    at({ logicalLocations: [{ fullyQualifiedName: 'bait.txt' }] }),
  ];

  const found = await findingsIn(results, { artifacts });

  assert.deepEqual(
    found.map(({ places }) => [places[0]?.text, places[0]?.paths]),
    results.map(() => ['bait.txt', []]),
  );
});
