import assert from 'node:assert/strict';
import test from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

const withMirror = (mirror: string): string => configText(['drain: 30s', mirror]);

testBadInputs([
  {
    title: 'a mirror of more than everything, or of nothing',
    text: withMirror('mirror: { percent: 0, maxDifferent: 1 }'),
    says: [/percent: .*1/, /maxDifferent: .*percentage in quotes/],
  },
  {
    title: 'a mirror that can never have seen enough',
    text: withMirror('mirror: { minSamples: 601, maxPerSecond: 10, deadline: 60s }'),
    says: [
      /:38:29: minSamples: 601 requests cannot be mirrored by the deadline with at most 10 in a second, which makes 600; no verdict could ever be PASS/,
    ],
  },
  {
    title: 'what a mirror cannot compare or leave out',
    text: withMirror(
      'mirror: { skip: [reports], compare: { headers: [Date, "no name"], ignore: [/items//id] } }',
    ),
    says: [
      /skip\[0\]: "reports" is not a path like/,
      /headers\[0\]: date differs with every answer; leave it out/,
      /headers\[1\]: "no name" is not the name of a header/,
      /ignore\[0\]: "\/items\/\/id" is not a path like/,
    ],
  },
  {
    title: 'paths that no request and no body could have',
    text: withMirror(
      'mirror: { skip: [/admin/**, /admin*, /items/*.json, "/a?x=1"], compare: { ignore: [/items/**/id] } }',
    ),
    says: [
      /skip\[0\]: "\/admin\/\*\*" is not a path like .*, where \* stands for one whole segment; all below it is meant as well/,
      /skip\[1\]: "\/admin\*" is not a path/,
      /skip\[2\]: "\/items\/\*\.json" is not a path/,
      /skip\[3\]: "\/a\?x=1" is not a path/,
      /ignore\[0\]: "\/items\/\*\*\/id" is not a path/,
    ],
  },
  {
    title: 'a key that a mirror does not have',
    text: withMirror('mirror: { share: 10 }'),
    says: [/unknown key "share"; known here: percent, minSamples, deadline, maxDifferent/],
  },
]);

test('a mirror that says nothing has its defaults, and without one nothing is mirrored', async () => {
  const mirrorIn = async (text: string) => {
    const result = await loadText(text);
    assert.ok(result.ok);
    return result.config.services['newsroom']?.rollout.mirror;
  };

  const mirror = await mirrorIn(configText(['drain: 30s', 'drain: 30s\n      mirror: {}']));

  assert.equal(await mirrorIn(configText()), undefined);
  assert.ok(mirror);
  const { compare, ...rest } = mirror;
  assert.deepEqual(rest, {
    ...{ percent: 10, minSamples: 500, deadline: 600_000, maxDifferent: 0.001 },
    ...{ maxInFlight: 16, maxPerSecond: 50, skip: [] },
  });
  assert.deepEqual(compare.ignore, []);
  assert.ok(compare.headers.includes('content-type') && !compare.headers.includes('date'));
});
