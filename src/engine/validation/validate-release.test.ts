import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  symlinkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aCheck, aLinter, LINTER } from '../../../test/support/validation/checks.ts';
import { aPreview, aServer, asks } from '../../../test/support/engine/a-previewed-chain.ts';
import type { VexStatement } from '../../core/validation/vex.ts';
import type { Waiver } from '../../core/validation/waiver.ts';
import { junitReport } from '../../drivers/report/junit/driver.ts';
import { sarifReport } from '../../drivers/report/sarif/driver.ts';
import { lcovReport } from '../../drivers/report/lcov/driver.ts';
import { systemClock } from '../../platform/clock.ts';
import type { StableRelease } from './reusable-report.ts';
import type { NamedCheck } from './run-check.ts';
import { validateRelease, type Validation } from './validate-release.ts';

const HOUR_MS = 3_600_000;
const NOON_MS = Date.parse('2026-11-28T12:00:00Z');

/** A release whose checks are run again and again, a moment later each time. */
function aRelease(t: TestContext, files: Readonly<Record<string, string>> = { 'a.js': 'good' }) {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const source = join(folder, 'source');
  mkdirSync(source);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(source, path), text);
  const ran: string[] = [];
  let nowMs = NOON_MS;
  const validate = async (checks: readonly NamedCheck[], changes: Partial<Validation> = {}) => {
    nowMs += 1_000;
    const result = await validateRelease({
      ...{ service: 'shop', release: null, artifact: null, stable: null },
      ...{ checks, source, isFresh: false },
      preview: null,
      ...{ config: { timeBox: HOUR_MS, reuse: HOUR_MS, waivers: [] }, vex: [], controls: null },
      stateDirectory: join(folder, 'state'),
      environment: { PATH: process.env['PATH'] ?? '' },
      ...{ cpus: { numbers: [0, 1], taskset: null }, self: [], secretValues: [] },
      onEvent: (event) => event.kind === 'line' && ran.push(event.line),
      clock: { ...systemClock, wallMs: () => nowMs },
      signal: new AbortController().signal,
      ...changes,
    });
    return { ...result, found: result.checks[0]! };
  };
  const later = (ms: number): void => void (nowMs += ms);
  return { validate, source, ran, folder, later };
}

const called = (version: string): StableRelease => ({ version, artifact: null });

const TALKING = `${LINTER}; console.error('ran')`;
const talking = (changes: Partial<NamedCheck> = {}): NamedCheck =>
  aLinter('lint', { run: ['node', '-e', TALKING], ...changes });

test('what has passed is not run again while nothing has changed that it depends on', async (t) => {
  const { validate, ran } = aRelease(t);
  const first = await validate([talking()]);

  const second = await validate([talking()]);
  const third = await validate([talking()]);

  assert.deepEqual(ran, ['ran']);
  assert.deepEqual([first.found.reused, second.outcome], [null, 'PASS']);
  const reused = { run: '2026-11-28T12-00-01-000Z-shop', startedAt: '2026-11-28T12:00:01.000Z' };
  assert.deepEqual(
    [second.found.reused, third.found.reused?.startedAt],
    [reused, reused.startedAt],
  );
  const report = readFileSync(third.found.evidence?.report?.path ?? '', 'utf8');
  assert.match(report, /"2\.1\.0"/);
});

const changesOfInputs: Readonly<
  Record<string, (release: ReturnType<typeof aRelease>) => Partial<NamedCheck>>
> = {
  'the release': ({ source }) => {
    appendFileSync(join(source, 'a.js'), ' still');
    return {};
  },
  'an argument': () => ({ run: ['node', '-e', `${TALKING};`] }),
  'the environment': () => ({ env: { LEVEL: '2' } }),
  'the bait': () => ({ plant: { 'bait.js': 'bad' } }),
  'its age': ({ later }) => {
    later(2 * HOUR_MS);
    return {};
  },
  'the kept report': ({ folder }) => {
    const kept = join(folder, 'state/checks/2026-11-28T12-00-01-000Z-shop/lint/report');
    appendFileSync(kept, ' ');
    return {};
  },
};

for (const [what, change] of Object.entries(changesOfInputs)) {
  test(`it runs again when ${what} has changed`, async (t) => {
    const release = aRelease(t);
    await release.validate([talking()]);

    const { found } = await release.validate([talking(change(release))]);

    assert.deepEqual(release.ran, ['ran', 'ran']);
    assert.deepEqual([found.outcome, found.reused], ['PASS', null]);
  });
}

test('it runs again when it has failed, or when all is to be fresh', async (t) => {
  const bad = aRelease(t, { 'a.js': 'bad' });
  await bad.validate([talking()]);
  await bad.validate([talking()]);
  const good = aRelease(t);
  await good.validate([talking()]);
  await good.validate([talking()], { isFresh: true });

  assert.deepEqual(
    [bad.ran, good.ran].map(({ length }) => length),
    [2, 2],
  );
});

test('what only prepares is left out when nobody has to run who needs it', async (t) => {
  const { validate, ran, source } = aRelease(t);
  const install = aCheck('install', { run: ['node', '-e', 'console.error("installed")'] });
  const checks = [install, talking({ needs: ['install'] })];
  await validate(checks);

  const again = await validate(checks);
  writeFileSync(join(source, 'b.js'), 'good');
  await validate(checks);

  assert.deepEqual(ran, ['installed', 'ran', 'installed', 'ran']);
  assert.equal(again.outcome, 'PASS');
});

test('a kept report is judged by the waivers and the rule of today', async (t) => {
  const { validate, ran, later } = aRelease(t, { 'a.js': 'bad' });
  const waiver: Waiver = {
    ...{
      finding: 'no-bad',
      place: 'a.js',
      message: 'ba',
      check: null,
      reason: 'goes next week',
      owner: 'ann',
    },
    ...{ until: '2026-11-28', untilMs: Date.parse('2026-11-28T23:59:59Z') },
  };
  const config = { timeBox: HOUR_MS, reuse: 48 * HOUR_MS, waivers: [waiver] };

  const waived = await validate([talking()], { config });
  later(12 * HOUR_MS);
  const expired = await validate([talking()], { config });

  assert.deepEqual([waived.outcome, expired.outcome], ['PASS', 'FAIL']);
  assert.deepEqual(ran, ['ran']);
  assert.deepEqual(
    [waived, expired].map(({ found }) => found.criteria[1]?.what),
    [
      'waived by ann until 2026-11-28: goes next week',
      'waiver of no-bad by ann, expired on 2026-11-28',
    ],
  );
});

test('what a statement says does not matter is no finding, of just that component', async (t) => {
  const reader = sarifReport.connect(
    { level: 'medium', max: 0, suppressed: 0, covered: 1 },
    { stateDirectory: '' },
  );
  const component = { name: 'lodash', version: '4.17.15' };
  const vulnerable: NamedCheck = aLinter('audit', {
    reader: {
      ...reader,
      async *read(source) {
        for await (const fact of reader.read(source)) {
          yield fact.kind === 'finding' ? { ...fact, rule: 'CVE-1', component } : fact;
        }
      },
    },
  });
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const statement: VexStatement = {
    ...{ vulnerability: 'CVE-1', aliases: [], products: [component], status: 'not_affected' },
    ...{ justification: 'vulnerable_code_not_in_execute_path', atMs: null },
  };
  const of = { name: 'lodash', version: '4.17.20' };

  const excused = await validate([vulnerable], { vex: [statement] });
  const other = await validate([vulnerable], { vex: [{ ...statement, products: [of] }] });

  assert.deepEqual([excused.outcome, other.outcome], ['PASS', 'FAIL']);
  assert.match(excused.found.criteria[1]?.what ?? '', /not affected, by VEX: vulnerable_code/);
});

test('with bait apart a tool that finds nothing in it has not passed', async (t) => {
  const { validate } = aRelease(t);
  const plantApart = { 'src.js': 'bad' };
  const blind = LINTER.replace("'bad'", "'worse'");

  const alive = await validate([aLinter('lint', { plantApart })]);
  const dead = await validate([aLinter('lint', { plantApart, run: ['node', '-e', blind] })]);

  assert.equal(alive.outcome, 'PASS', JSON.stringify(alive.found.criteria));
  assert.equal(dead.outcome, 'ERROR');
  assert.deepEqual(dead.found.criteria.at(-1), {
    ...{ what: 'what was planted apart is found', observed: '0 found', limit: 'at least 1' },
    state: 'unknown',
  });
});

test('a tool that does not say what it looked at is believed when it found what was planted apart', async (t) => {
  const { validate } = aRelease(t);
  const silent = { run: ['node', '-e', LINTER.replace('artifacts, results', 'results')] };

  const alone = await validate([aLinter('lint', silent)]);
  const proven = await validate([aLinter('lint', { ...silent, plantApart: { 'b.js': 'bad' } })]);

  assert.deepEqual([alone.outcome, proven.outcome], ['ERROR', 'PASS']);
});

test('a place is told without the folder of the copy, so that it is the same each time', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const whole = LINTER.replace('uri: name', "uri: require('node:path').resolve(name)");
  assert.notEqual(whole, LINTER);

  const { found } = await validate([aLinter('lint', { run: ['node', '-e', whole] })]);

  assert.equal(found.criteria[0]?.observed, '1, the worst: no-bad at a.js');
});

test('what the stable release has, too, is put up with as often as it has it', async (t) => {
  const reader = sarifReport.connect(
    { level: 'medium', max: 0, suppressed: 0, covered: 1, except: 'stable' },
    { stateDirectory: '' },
  );
  const lint = aLinter('lint', { reader });
  const { validate, source } = aRelease(t, { 'a.js': 'bad' });
  await validate([lint], { release: '1.0' });

  const same = await validate([lint], { release: '1.1', stable: called('1.0') });
  writeFileSync(join(source, 'b.js'), 'bad');
  const more = await validate([lint], { release: '1.2', stable: called('1.0') });
  const unknown = await validate([lint], { release: '1.2', stable: called('0.9') });

  assert.deepEqual([same.outcome, more.outcome, unknown.outcome], ['PASS', 'FAIL', 'FAIL']);
  assert.equal(more.found.criteria[0]?.observed, '1, the worst: no-bad at b.js');
  assert.equal(same.found.criteria[1]?.what, 'in 1.0 already');
});

test('a deployment compares with what runs, whoever calls another folder by its version', async (t) => {
  const reader = sarifReport.connect(
    { level: 'medium', max: 0, suppressed: 0, covered: 1, except: 'stable' },
    { stateDirectory: '' },
  );
  const lint = aLinter('lint', { reader });
  const { validate, source } = aRelease(t);
  const ofStable = await validate([lint], { release: '1.0' });
  const stable = { version: '1.0', artifact: ofStable.source };
  writeFileSync(join(source, 'a.js'), 'bad');
  await validate([lint], { release: '1.0' });

  const bad = await validate([lint], { release: '1.1', artifact: 'sha256:1.1', stable });
  const next = { version: '1.1', artifact: 'sha256:1.1' };
  const onItself = await validate([lint], { release: '1.2', artifact: 'sha256:1.2', stable: next });

  assert.deepEqual([bad.outcome, onItself.outcome], ['FAIL', 'PASS']);
  assert.equal(bad.found.criteria[0]?.observed, '1, the worst: no-bad at a.js');
});

test('coverage is compared with the stable release, and with nothing when there is none', async (t) => {
  const reader = lcovReport.connect({ lines: 0.1, margin: 0.05 }, { stateDirectory: '' });
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

test('what is planted takes the place of nothing, and lies behind no link', async (t) => {
  const { validate, source, folder } = aRelease(t, { 'a.js': 'bad' });
  symlinkSync(folder, join(source, 'away'));

  const over = await validate([aLinter('lint', { plant: { 'a.js': 'bad' } })]);
  const away = await validate([aLinter('lint', { plant: { 'away/b.js': 'bad' } })]);

  assert.deepEqual([over.outcome, away.outcome], ['ERROR', 'ERROR']);
  assert.match(over.found.because ?? '', /"a\.js", is there already/);
  assert.match(away.found.because ?? '', /"away\/b\.js", would lie behind a link/);
  assert.ok(!existsSync(join(folder, 'b.js')));
});

test('a good report of tests whose runner ended badly is no pass, nor one of which the shell says that it broke', async (t) => {
  const { validate } = aRelease(t);
  const reader = junitReport.connect({ tests: 1, skipped: 0 }, { stateDirectory: '' });
  const passing = '<testsuite><testcase name="x"/></testsuite>';
  const ending = (code: number): NamedCheck =>
    aCheck('unit', {
      reader,
      run: ['node', '-e', `console.log(${JSON.stringify(passing)}); process.exitCode = ${code}`],
    });

  const outcomes = [];
  for (const check of [
    ...[ending(0), ending(1)],
    ...[1, 126, 137].map((code) =>
      aLinter('lint', { run: ['node', '-e', `${LINTER}; process.exitCode = ${code}`] }),
    ),
  ]) {
    outcomes.push((await validate([check])).outcome);
  }

  assert.deepEqual(outcomes, ['PASS', 'ERROR', 'PASS', 'ERROR', 'ERROR']);
});

test('a secret that reads like something of the record leaves the record whole', async (t) => {
  const { validate } = aRelease(t);

  const { outcome, checks } = await validate([aLinter('lint')], { secretValues: ['null', 'PASS'] });

  assert.deepEqual([outcome, checks.length], ['[secret]', 1]);
});

test('no secret stands in what is kept: neither in the log, the report nor the result', async (t) => {
  const { validate } = aRelease(t);
  const script = `${LINTER.replaceAll("'lint'", "'lint s3cret-word'")}; console.error('s3cret-word')`;
  const secretValues = ['s3cret-word'];

  const { found, evidence } = await validate([aLinter('lint', { run: ['node', '-e', script] })], {
    secretValues,
  });

  assert.equal(found.outcome, 'PASS');
  for (const name of ['result.json', 'lint/log.txt', 'lint/report']) {
    const text = readFileSync(join(evidence, name), 'utf8');
    assert.match(text, /\[secret\]/, name);
    assert.doesNotMatch(text, /s3cret-word/, name);
  }
});

test('what asks something that runs is asked again each time, and so is what prepares its preview', async (t) => {
  const { validate, ran, source } = aRelease(t, { 'server.js': aServer() });
  const says = (name: string) => aCheck(name, { run: ['node', '-e', `console.log('${name}')`] });
  const checks = [says('build'), { ...asks('e2e', '/'), needs: [] }, talking()];
  const preview = aPreview({ artifact: source, needs: ['build'] });
  const toldOf = async () => {
    ran.length = 0;
    const { outcome } = await validate(checks, { preview });
    return [outcome, ...ran.filter((line) => !line.startsWith('launch')).toSorted()];
  };

  assert.deepEqual(await toldOf(), ['PASS', '2.0 target', 'build', 'ran']);
  assert.deepEqual(await toldOf(), ['PASS', '2.0 target', 'build']);
});
