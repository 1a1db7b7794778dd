import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aCheck } from '../../../test/support/validation/checks.ts';
import type { NamedCheck } from './run-check.ts';
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

test('the environment that a tool has of its host is one of its inputs', async (t) => {
  const { validate, ran } = aRelease(t);
  const PATH = process.env['PATH'] ?? '';
  const runs = async (environment: Readonly<Record<string, string>>): Promise<number> => {
    const before = ran.length;
    await validate([talking()], { environment });
    return ran.length - before;
  };

  const first = [await runs({ PATH, TZ: 'UTC' }), await runs({ PATH, TZ: 'UTC' })];

  assert.deepEqual([first, await runs({ PATH, TZ: 'Asia/Tokyo' })], [[1, 0], 1]);
});

test('so is what a check needs, and the reader of what is baited apart', async (t) => {
  const { validate, ran } = aRelease(t);
  const report = { driver: 'sarif', config: { level: 'medium' } };
  const worse = { driver: 'sarif', config: { level: 'high' } };
  const plantApart = { 'bait.js': 'bad' };
  const runs = async (...checks: readonly NamedCheck[]): Promise<number> => {
    const before = ran.filter((line) => line === 'ran').length;
    await validate(checks);
    return ran.filter((line) => line === 'ran').length - before;
  };
  const built = (how: string): Promise<number> =>
    runs(aCheck('build', { run: ['node', '-e', how] }), talking({ needs: ['build'] }));

  assert.deepEqual([await built('1'), await built('1'), await built('2')], [1, 0, 1]);
  // Once on what is checked, and once on its bait.
  assert.equal(await runs(talking({ plantApart, report })), 2);
  assert.equal(await runs(talking({ plantApart, report })), 0);
  assert.equal(await runs(talking({ plantApart, report: worse })), 2);
  assert.equal(await runs(talking({ plantApart: { 'bait.js': 'bad!' }, report: worse })), 2);
  assert.equal(await runs(talking({ plantApart: { 'bait2.js': 'bad!' }, report: worse })), 2);
});
