import assert from 'node:assert/strict';
import test from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const withResources = (resources: string, ...changes: (readonly [string, string])[]): string =>
  configText(['errorRate: 0%', `resources: ${resources}`], ...changes);

testBadInputs([
  {
    title: 'resources that name nothing',
    text: withResources('{}'),
    says: [/resources: names nothing; say memory or openFiles, or leave it out/],
  },
  {
    title: 'a resource that nobody reads',
    text: withResources('{ memory: { limit: 1GiB }, cpu: { limit: 1 } }'),
    says: [/unknown key "cpu"; known here: memory, openFiles/],
  },
  {
    title: 'a resource without a limit, or with one that is none',
    text: withResources('{ memory: { safeLife: 7d }, openFiles: { limit: 0 } }'),
    says: [/the key "limit" is missing in memory/, /limit: must be at least 1, not 0/],
  },
  {
    title: 'a size without a unit and a life that is too short to be one',
    text: withResources('{ memory: { limit: 512, safeLife: 1m } }'),
    says: [/limit: 512 has no unit/, /safeLife: must be from 1h to 24d/],
  },
  {
    title: 'resources where nothing is left beside the candidate',
    text: withResources('{ memory: { limit: 512MiB } }', ['[10, 50, 100]', '[100]']),
    says: [/nothing can be compared .* add a weight below 100 or leave resources out/],
  },
]);

const gateOf = async (text: string) => {
  const result = await loadText(text);
  assert.ok(result.ok);
  return result.config.services['newsroom']?.rollout.gate;
};

test('limits are read as bytes and counts, with a week of safe life', async () => {
  const gate = await gateOf(
    withResources('{ memory: { limit: 512MiB }, openFiles: { limit: 1024, safeLife: 1d } }'),
  );

  assert.deepEqual(gate?.resources, {
    memory: { limit: 512 * 1_024 ** 2, safeLife: 7 * 86_400_000 },
    openFiles: { limit: 1_024, safeLife: 86_400_000 },
  });
});

test('harm may be excluded, and a baseline started, for resources alone', async () => {
  const gate = await gateOf(
    withResources('{ memory: { limit: 512MiB } }\n        excludeHarm: true', [
      'strategy: canary',
      'strategy: canary\n      baseline: { instances: 1 }',
    ]),
  );

  assert.equal(gate?.excludeHarm, true);
});
