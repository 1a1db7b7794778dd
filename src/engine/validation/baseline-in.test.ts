import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { aRelease } from '../../../test/support/validation/a-checked-release.ts';
import { aCheck, aLinter, LINTER } from '../../../test/support/validation/checks.ts';
import { lcovReport } from '../../drivers/report/lcov/driver.ts';
import { osvReport } from '../../drivers/report/osv/driver.ts';
import { sarifReport } from '../../drivers/report/sarif/driver.ts';
import type { StableRelease } from './baseline-in.ts';
import type { NamedCheck } from './run-check.ts';

const called = (version: string): StableRelease => ({ version, artifact: null });

/** New findings are counted alone. */
const lint = (max = 0): NamedCheck =>
  aLinter('lint', {
    reader: sarifReport.connect(
      { level: 'medium', max, suppressed: 0, covered: 1, except: 'stable' },
      { stateDirectory: '' },
    ),
  });

test('what the stable release has, too, is put up with as often as it has it', async (t) => {
  const { validate, source } = aRelease(t, { 'a.js': 'bad' });
  await validate([lint()], { release: '1.0' });

  const same = await validate([lint()], { release: '1.1', stable: called('1.0') });
  writeFileSync(join(source, 'b.js'), 'bad');
  const more = await validate([lint()], { release: '1.2', stable: called('1.0') });
  const unknown = await validate([lint()], { release: '1.2', stable: called('0.9') });

  assert.deepEqual([same.outcome, more.outcome, unknown.outcome], ['PASS', 'FAIL', 'FAIL']);
  assert.equal(more.found.criteria[0]?.observed, '1, the worst: no-bad at b.js (new since 1.0)');
  assert.equal(same.found.criteria[1]?.what, 'in 1.0 already');
});

test('a finding that says a secret is known again, though none stands in what is kept', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const run = ['node', '-e', LINTER.replace("text: 'bad'", "text: 's3cret-word is bad'")];
  const checks = [{ ...lint(), run }];
  const secretValues = ['s3cret-word'];
  await validate(checks, { release: '1.0', secretValues });

  const same = await validate(checks, { release: '1.1', stable: called('1.0'), secretValues });

  assert.equal(same.outcome, 'PASS');
});

test('a deployment compares with what runs, whoever calls another folder by its version', async (t) => {
  const { validate, source } = aRelease(t);
  const ofStable = await validate([lint()], { release: '1.0' });
  const stable = { version: '1.0', artifact: ofStable.source };
  writeFileSync(join(source, 'a.js'), 'bad');
  await validate([lint()], { release: '1.0' });

  const bad = await validate([lint()], { release: '1.1', artifact: 'sha256:1.1', stable });
  const next = { version: '1.1', artifact: 'sha256:1.1' };
  const onFailed = await validate([lint()], {
    release: '1.2',
    artifact: 'sha256:1.2',
    stable: next,
  });

  assert.deepEqual([bad.outcome, onFailed.outcome], ['FAIL', 'FAIL']);
  assert.equal(bad.found.criteria[0]?.observed, '1, the worst: no-bad at a.js (new since 1.0)');
});

test('what was checked for what runs counts when it was let through, whatever folder that was', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const artifact = 'sha256:1.0';
  await validate([lint(1)], { release: '1.0', artifact });

  const same = await validate([lint()], {
    ...{ release: '1.1', artifact: 'sha256:1.1', stable: { version: '1.0', artifact } },
  });

  assert.equal(same.outcome, 'PASS');
});

test('bait in the stable release excuses nothing that is not bait', async (t) => {
  const except = osvReport.connect(
    { level: 'medium', max: 0, suppressed: 0, covered: 1, except: 'stable' },
    { stateDirectory: '' },
  );
  const scan = (...paths: readonly string[]): NamedCheck => {
    const vulnerable = (path: string) => ({
      source: { path, type: 'lockfile' },
      packages: [
        {
          package: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
          vulnerabilities: [{ id: 'GHSA-1', summary: '' }],
          groups: [{ ids: ['GHSA-1'], max_severity: '7.5' }],
        },
      ],
    });
    const text = JSON.stringify({ results: paths.map(vulnerable) });
    const run = ['node', '-e', `process.stdout.write(${JSON.stringify(text)})`];
    return aCheck('scan', { run, reader: except, plant: { 'bait/package-lock.json': '{}' } });
  };
  const { validate } = aRelease(t);
  const bait = 'bait/package-lock.json';
  const clean = await validate([scan(bait)], { release: '1.0' });

  const { outcome } = await validate([scan(bait, 'package-lock.json')], {
    ...{ release: '1.1', stable: called('1.0') },
  });

  assert.deepEqual([clean.outcome, outcome], ['PASS', 'FAIL']);
});

test('a check of the stable release that ended in an error shows nothing of it', async (t) => {
  const reader = sarifReport.connect(
    { level: 'medium', max: 1, suppressed: 0, covered: 1, except: 'stable' },
    { stateDirectory: '' },
  );
  const broken = ['sh', '-c', 'node -e "$0"; exit 127', LINTER];
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const before = await validate([aLinter('lint', { reader, run: broken })], { release: '1.0' });

  const { found } = await validate([aLinter('lint', { reader })], {
    ...{ release: '1.1', stable: called('1.0') },
  });

  assert.equal(before.outcome, 'ERROR');
  assert.deepEqual(
    found.criteria.filter(({ what }) => what === 'in 1.0 already'),
    [],
  );
});

test('coverage is compared with the stable release, and with nothing when there is none', async (t) => {
  const asked = { lines: 0.1, margin: 0.05, measured: 1 };
  const reader = lcovReport.connect(asked, { stateDirectory: '' });
  const lcov = (hit: number): string =>
    `SF:a.js\n${Array.from({ length: 20 }, (_, at) => `DA:${at + 1},${at < hit ? 1 : 0}\n`).join('')}end_of_record\n`;
  const cover = (hit: number): NamedCheck =>
    aCheck('cover', {
      reader,
      run: ['node', '-e', `process.stdout.write(${JSON.stringify(lcov(hit))})`],
    });
  const { validate } = aRelease(t);
  await validate([cover(16)], { release: '1.0' });

  const outcomes = [];
  for (const [hit, stable] of [
    [15, '1.0'],
    [14, '1.0'],
    [14, null],
    [20, '0.9'],
  ] as const) {
    const { found } = await validate([cover(hit)], {
      release: '1.1',
      stable: stable === null ? null : called(stable),
    });
    outcomes.push([found.outcome, found.criteria[1]?.observed]);
  }

  assert.deepEqual(outcomes, [
    ['PASS', '75 %, 80 % before'],
    ['FAIL', '70 %, 80 % before'],
    ['PASS', 'no stable release to compare with'],
    ['ERROR', 'nothing is kept of 0.9'],
  ]);
});

test('a chain that ran alone counts where it has looked at what runs', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const alone = await validate([lint()]);

  const same = await validate([lint()], {
    ...{ release: '1.1', stable: { version: '1.0', artifact: alone.source } },
  });

  assert.deepEqual([alone.outcome, same.outcome], ['FAIL', 'PASS']);
});

test('what was let through for another release says nothing of the stable one', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  await validate([lint(1)], { release: '1.0', artifact: 'sha256:other' });

  const { outcome } = await validate([lint()], {
    ...{ release: '1.1', stable: { version: '1.0', artifact: 'sha256:1.0' } },
  });

  assert.equal(outcome, 'FAIL');
});

test('the record of a deployment names what it was compared with, which is kept for good', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const before = await validate([lint()], { release: '1.0' });
  const stable = { version: '1.0', artifact: before.source };
  const absolute = aLinter('absolute', { plant: { 'b.js': 'bad' } });

  const { evidence } = await validate([lint(), absolute], { artifact: 'sha256:1.1', stable });

  const record: unknown = JSON.parse(readFileSync(join(evidence, 'result.json'), 'utf8'));
  const digest = before.found.evidence?.report?.digest;
  const comparedWith = [{ check: 'lint', run: basename(before.evidence), digest }];
  assert.deepEqual((record as { comparedWith: unknown }).comparedWith, comparedWith);
  assert.ok(existsSync(join(before.evidence, 'kept.txt')));
});

test('what is compared with is held against its digest', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const before = await validate([lint()], { release: '1.0' });
  const path = before.found.evidence?.report?.path ?? '';
  writeFileSync(path, `${readFileSync(path, 'utf8')} `);

  const { outcome } = await validate([lint()], { release: '1.1', stable: called('1.0') });

  assert.equal(outcome, 'FAIL');
});
