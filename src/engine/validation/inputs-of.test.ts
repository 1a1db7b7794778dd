import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aRelease, talking } from '../../../test/support/validation/a-checked-release.ts';

test('behind a link that leaves what is checked anything may have changed, so that nothing is used again', async (t) => {
  const release = aRelease(t);
  const shared = join(release.folder, 'shared.js');
  writeFileSync(shared, 'good');
  symlinkSync(shared, join(release.source, 'b.js'));
  const before = await release.validate([talking()]);
  writeFileSync(shared, 'bad');

  const after = await release.validate([talking()]);

  assert.deepEqual(release.ran, ['ran', 'ran']);
  assert.deepEqual([before.outcome, after.outcome], ['PASS', 'FAIL']);
  assert.deepEqual([after.source, after.found.inputs], [null, null]);
  const why = `"b.js" cannot be part of an artifact: it links to the absolute path "${shared}".`;
  assert.equal(after.sourceRefusal, why);
  const record = readFileSync(join(after.evidence, 'result.json'), 'utf8');
  assert.equal((JSON.parse(record) as { sourceRefusal: string }).sourceRefusal, why);
});

test('a link from its place out of what is checked is one of these, and one within is none', async (t) => {
  const refusals = [];
  for (const target of ['../../shared.js', '../a.js']) {
    const release = aRelease(t);
    mkdirSync(join(release.source, 'lib'));
    symlinkSync(target, join(release.source, 'lib/b.js'));
    await release.validate([talking()]);

    const { found, sourceRefusal } = await release.validate([talking()]);

    refusals.push([found.reused === null, sourceRefusal]);
  }

  assert.deepEqual(refusals, [
    [
      true,
      '"lib/b.js" cannot be part of an artifact: it links to "../../shared.js", outside of the artifact.',
    ],
    [false, null],
  ]);
});
