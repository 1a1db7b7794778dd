import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { aWaiver } from '../../../test/support/validation/a-waiver.ts';
import { aCheck, aLinter, LINTER } from '../../../test/support/validation/checks.ts';
import type { VexStatement } from '../../core/validation/vex.ts';
import { inspecReport } from '../../drivers/report/inspec/driver.ts';
import { junitReport } from '../../drivers/report/junit/driver.ts';
import { sarifReport } from '../../drivers/report/sarif/driver.ts';
import { systemClock } from '../../platform/clock.ts';
import type { NamedCheck } from './run-check.ts';

import {
  aRelease,
  HOUR_MS,
  NOON_MS,
  talking,
} from '../../../test/support/validation/a-checked-release.ts';
test('a kept report is judged by the waivers and the rule of today', async (t) => {
  const { validate, ran, later } = aRelease(t, { 'a.js': 'bad' });
  const waiver = aWaiver({
    ...{ finding: 'no-bad', place: 'a.js', message: 'ba', reason: 'goes next week' },
    ...{ until: '2026-11-28', untilMs: Date.parse('2026-11-28T23:59:59Z') },
  });
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
  const component = { name: 'lodash', version: '4.17.15', ecosystem: 'npm' };
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
    ...{ vulnerability: 'CVE-1', aliases: [], status: 'not_affected' },
    products: [{ package: component, doubt: null }],
    ...{ justification: 'vulnerable_code_not_in_execute_path', atMs: null },
  };
  const of = { ...component, version: '4.17.20' };

  const excused = await validate([vulnerable], { vex: [statement] });
  const other = await validate([vulnerable], {
    vex: [{ ...statement, products: [{ package: of, doubt: null }] }],
  });

  assert.deepEqual([excused.outcome, other.outcome], ['PASS', 'FAIL']);
  assert.match(excused.found.criteria[1]?.what ?? '', /not affected, by VEX: vulnerable_code/);
});

test('which waivers a finding was meant by is told', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const untilMs = NOON_MS + HOUR_MS;
  const [meant, other] = ['no-bad', 'other'].map((finding) => aWaiver({ finding, untilMs }));
  assert.ok(meant && other);

  const config = { timeBox: HOUR_MS, reuse: HOUR_MS, waivers: [meant, other] };
  const { outcome, waiversMet } = await validate([aLinter('lint')], { config });

  assert.equal(outcome, 'PASS');
  assert.deepEqual([...waiversMet], [meant]);
});

test('with bait apart a tool that finds nothing in it has not passed', async (t) => {
  const { validate } = aRelease(t);
  const plantApart = { 'src.js': 'bad' };
  const blind = LINTER.replace("'bad'", "'worse'");

  const alive = await validate([aLinter('lint', { plantApart })]);
  const dead = await validate([aLinter('lint', { plantApart, run: ['node', '-e', blind] })]);
  const slight = LINTER.replace("level: 'error'", "level: 'note'");
  const mild = await validate([aLinter('lint', { plantApart, run: ['node', '-e', slight] })]);

  assert.equal(alive.outcome, 'PASS', JSON.stringify(alive.found.criteria));
  assert.deepEqual([dead.outcome, mild.outcome], ['ERROR', 'ERROR']);
  assert.deepEqual(dead.found.criteria.at(-1), {
    ...{ what: 'the tool finds what was planted apart', observed: '0 found', limit: 'at least 1' },
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
    ...[126, 137].map((code) => linterEnding(code, { plant: { 'bait.js': 'bad' } })),
  ]) {
    outcomes.push((await validate([check])).outcome);
  }

  assert.deepEqual(outcomes, ['PASS', 'ERROR', 'ERROR', 'ERROR']);
});

function linterEnding(code: number, changes: Partial<NamedCheck> = {}): NamedCheck {
  return aLinter('lint', {
    run: ['node', '-e', `${LINTER}; console.error('it broke'); process.exitCode = ${code}`],
    ...changes,
  });
}

test('a tool that ends badly without a word in its report of anything that is bad is an error, with its last words', async (t) => {
  const { validate } = aRelease(t);

  const { outcome, found } = await validate([linterEnding(2)]);

  assert.equal(outcome, 'ERROR');
  assert.match(found.because ?? '', /tells of nothing, and yet it ended with 2\. .*: it broke$/);
});

test('it may tell by its code of what is put up with, planted or too slight to count', async (t) => {
  const { validate } = aRelease(t, { 'a.js': 'bad' });
  const waiver = { finding: 'no-bad', place: null, message: null, check: null, reason: 'r' };
  const waivers = [{ ...waiver, owner: 'o', until: '2027-01-01', untilMs: Infinity }];
  const config = { timeBox: 60_000, reuse: 60_000, waivers };
  const slight = `${LINTER.replace("'error'", "'note'")}; process.exitCode = 1`;
  const suppressed = LINTER.replace('level:', "suppressions: [{ kind: 'inSource' }], level:");
  const reader = sarifReport.connect(
    { level: 'medium', max: 0, suppressed: 1, covered: 1 },
    { stateDirectory: '' },
  );
  const clean = aRelease(t);

  const outcomes = [
    await validate([linterEnding(1)], { config }),
    await validate([aLinter('lint', { run: ['node', '-e', slight] })]),
    await validate([
      aLinter('lint', { reader, run: ['node', '-e', `${suppressed}; process.exitCode = 1`] }),
    ]),
    await clean.validate([linterEnding(1, { plant: { 'bait.js': 'bad' } })]),
  ].map(({ outcome }) => outcome);

  assert.deepEqual(outcomes, ['PASS', 'PASS', 'PASS', 'PASS']);
});

test('a tool for controls ends with another code when it tells of something, and is believed', async (t) => {
  const { validate } = aRelease(t);
  const asked = { level: 'medium', controls: 1, notChecked: 0, waived: 1 } as const;
  const passed = [{ status: 'passed', code_desc: 'it should be so' }];
  const control = { id: 'a', title: 'A', impact: 0.7, results: passed };
  const failed = { ...control, impact: 0.1, results: [{ status: 'failed', code_desc: 'so' }] };
  const skipped = { ...control, impact: 0, results: [{ status: 'skipped', code_desc: 'so' }] };
  const waived = { ...control, waiver_data: { skipped_due_to_waiver: true } };
  const ending = (code: number, other: object): NamedCheck => {
    const report = JSON.stringify({
      ...{ platform: { name: 'debian' }, statistics: {}, version: '5.22.40' },
      profiles: [{ name: 'hosts', status: 'loaded', controls: [control, { ...other, id: 'b' }] }],
    });
    return aCheck('host', {
      reader: inspecReport.connect(asked, { stateDirectory: '' }),
      run: ['node', '-e', `console.log(process.argv[1]); process.exitCode = ${code}`, report],
    });
  };

  const outcomes = [];
  for (const [code, other] of [
    ...([
      [0, control],
      [0, skipped],
      [100, failed],
      [101, waived],
    ] as const),
    // It has not run what it was to run, and then it broke.
    ...([
      [101, control],
      [101, skipped],
      [126, failed],
    ] as const),
  ]) {
    outcomes.push((await validate([ending(code, other)])).outcome);
  }

  const wrong = ['ERROR', 'ERROR', 'ERROR'];
  assert.deepEqual(outcomes, ['PASS', 'PASS', 'PASS', 'PASS', ...wrong]);
});

test('a tool that finds its bait and thinks too little of it is not alive', async (t) => {
  const { validate } = aRelease(t);
  const finding = (level: string) =>
    aLinter('lint', {
      ...{ plant: { 'bait.js': 'bad' } },
      run: ['node', '-e', LINTER.replace("'error'", `'${level}'`)],
    });

  const outcomes = [];
  for (const level of ['warning', 'note']) {
    outcomes.push((await validate([finding(level)])).outcome);
  }

  assert.deepEqual(outcomes, ['PASS', 'ERROR']);
});

test('a secret that reads like something of the record leaves the record whole', async (t) => {
  const { validate } = aRelease(t);

  const { outcome, checks } = await validate([aLinter('lint')], { secretValues: ['null', 'PASS'] });

  assert.deepEqual([outcome, checks.length], ['PASS', 1]);
});

test('no secret stands in what is kept: neither in the log, the report nor the result', async (t) => {
  const { validate } = aRelease(t);
  const long = "console.error('x'.repeat(65530) + 's3cret-word' + 'x'.repeat(65530))";
  const script = `${LINTER.replaceAll("'lint'", "'lint s3cret-word'")}; console.error('s3cret-word'); ${long}`;
  const plantApart = { 'src.js': 'bad' };
  const secretValues = ['s3cret-word'];

  const { found, evidence } = await validate(
    [aLinter('lint', { plantApart, run: ['node', '-e', script] })],
    { secretValues },
  );

  assert.equal(found.outcome, 'PASS');
  const kept = ['log.txt', 'report', 'log-of-bait.txt', 'report-of-bait'];
  for (const name of ['result.json', ...kept.map((file) => `lint/${file}`)]) {
    const text = readFileSync(join(evidence, name), 'utf8');
    assert.match(text, /\[secret\]/, name);
    assert.doesNotMatch(text, /s3cret|et-word/, name);
  }
});

test('the state directory is no part of what is checked, by whatever way the source is reached', async (t) => {
  const { validate, source, folder } = aRelease(t, { 'a.js': 'good' });
  const stateDirectory = join(source, '.surefoot');
  mkdirSync(stateDirectory);
  symlinkSync(source, join(folder, 'link'));

  const { evidence } = await validate([aCheck('list', { run: ['ls', '-A'] })], {
    ...{ source: join(folder, 'link'), stateDirectory },
  });

  assert.equal(readFileSync(join(evidence, 'list/log.txt'), 'utf8').trim(), 'a.js');
});

test('two chains that begin in the same millisecond leave two runs', async (t) => {
  const { validate, folder } = aRelease(t);
  const clock = { ...systemClock, wallMs: () => NOON_MS };

  const runs = await Promise.all([1, 2].map(() => validate([talking()], { clock, isFresh: true })));

  assert.equal(new Set(runs.map(({ evidence }) => evidence)).size, 2);
  for (const { evidence } of runs) assert.ok(existsSync(join(evidence, 'result.json')));
  assert.equal(readdirSync(join(folder, 'state/checks')).length, 2);
});
