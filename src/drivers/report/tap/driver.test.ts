import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsIn } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { tapReport } from './driver.ts';

const reader = tapReport.connect({ tests: 1, skipped: 0 }, { stateDirectory: '/nowhere' });

const passing = `TAP version 14
ok 1 - adds
# Subtest: products
    ok 1 - multiplies
    ok 2 - again
    1..2
ok 2 - products
1..2
`;

async function read(text: string | Buffer) {
  const facts = await factsIn(reader, text);
  const tests = facts.filter((fact) => fact.kind === 'test');
  const incomplete = facts.filter((fact) => fact.kind === 'incomplete');
  return {
    tests: tests.map(({ name, outcome }) => [name, outcome]),
    incomplete: incomplete.map(({ message }) => message),
  };
}

describeReport('tap', reader, {
  folder: import.meta.dirname,
  expected: {
    'bats-1.8.2.tap': {
      tests: { passed: 1, failed: 1, skipped: 1 },
      incomplete: [],
    },
    'node-24.21.0.tap': {
      tests: { passed: 2, failed: 1, skipped: 2 },
      failedTests: [
        {
          ...{ kind: 'test', name: 'sums › fails <here> & there', outcome: 'failed' },
          message: 'Expected values to be strictly equal:',
        },
      ],
      incomplete: [],
    },
    'tap-21.8.0.tap': {
      tests: { passed: 2, failed: 1, skipped: 2 },
      incomplete: [],
    },
    'test-more-1.302190.tap': {
      tests: { passed: 3, failed: 1, skipped: 2 },
      incomplete: [],
    },
  },
  passing,
  broken: {
    'one test that failed': passing.replace('ok 1 - adds', 'not ok 1 - adds'),
    'one subtest that failed': passing.replace('    ok 2', '    not ok 2'),
    'a test that failed though its subtests passed': passing.replace('\nok 2', '\nnot ok 2'),
    'no plan': passing.replace('\n1..2', ''),
    'fewer tests than planned': passing.replace('\n1..2', '\n1..3'),
    'more tests than planned': passing.replace('\n1..2', '\n1..1'),
    'a subtest with fewer tests than planned': passing.replace('    1..2', '    1..3'),
    'a subtest without a plan': passing.replace('    1..2\n', ''),
    'a plan of nothing': 'TAP version 14\n1..0 # skip no database\n',
    'a version alone': 'TAP version 14\n',
    'a bail out': passing.replace('\nok 2', '\nBail out! no database\nok 2'),
    'a bail out in a subtest': passing.replace('    ok 2', '    Bail out! no database\n    ok 2'),
    'a bail out behind a character that ends lines for some':
      '1..1\nok 1\nprinted\u2028by a test\nBail out!\n',
    'tests that were all skipped': '1..2\nok 1 # SKIP no disk\nok 2 # skip\n',
    'a test that is yet to be done': passing.replace('- adds', '- adds # todo'),
    'a suite without tests':
      "TAP version 13\n# Subtest: a\nok 1 - a\n  ---\n  type: 'suite'\n  ...\n1..1\n",
    'the same test twice': '1..2\nok 1 - a\nok 1 - a\n',
    'two reports in one file, of which the second failed': `${passing}${passing.replace('ok 1 -', 'not ok 1 -')}`,
    'two reports in one file': `${passing}${passing}`,
    'more than is between two tests in any report': `${passing.slice(0, -5)}${'    # printed\n'.repeat(20_001)}1..2\n`,
    'a diagnosis that is longer than any': passing.replace(
      '\n# Subtest',
      `\n  ---\n  message: ${'a'.repeat(4 * 1024 * 1024)}\n  ...\n# Subtest`,
    ),
    'the same failures over and over': `1..2\n${'not ok 1 # todo\nok 2\n'.repeat(200)}`,
    'a last line that is cut off': '1..2\nok 1 - a\nok 2 - b # SK',
    'a bail out that is cut off': '1..1\nok 1 - a\nBail out! no data',
    'a pragma that is not met': `pragma +strict\n${passing.replace('TAP version 14\n', '')}printed\n`,
  },
});

test('what a test prints is no result, and a directive is one in either case', async () => {
  const text =
    '1..4\nlisten on 8080\nok 1 - a\r\n# ok 9\nok 2 b # Skip it\nok 3 - c \\# SKIP\nok\n';

  assert.deepEqual(await read(text), {
    tests: [
      ['a', 'passed'],
      ['b', 'skipped'],
      ['c # SKIP', 'passed'],
      ['', 'passed'],
    ],
    incomplete: [],
  });
});

test('what tests print is no matter of its length, and stands between nothing', async () => {
  const printed = '# says\nwhat it does\n'.repeat(20_001);
  const text = `TAP version 14\n${printed}ok 1 - a\n  ---\n${printed}  type: 'suite'\n  ...\n${printed}# Subtest: b\n${printed}    ok 1 - c\n${printed}    1..1\nok 2 - b\n1..2\n${printed}`;

  assert.deepEqual(await read(text), { tests: [['b › c', 'passed']], incomplete: [] });
});

test('what stands between two tests has a limit, and all of it together none', async () => {
  const printed = '    # printed\n'.repeat(10_000);
  const diagnosis = `  ---\n  message: ${'a'.repeat(1_500_000)}\n  ...\n`;
  const between = [printed, printed, printed, diagnosis, diagnosis, diagnosis];
  const text = between.map((each, at) => `ok ${at + 1}\n${each}`).join('');

  assert.deepEqual((await read(`${text}1..6\n`)).tests.length, 6);
});

test('what is longer than can be read in little memory is no report, whatever it holds', async () => {
  const long = Buffer.alloc(16 * 1024 * 1024 - passing.length, `${'a'.repeat(1_023)}\n`);
  const whole = Buffer.concat([Buffer.from(passing), long.subarray(0, -1), Buffer.from('\n')]);

  assert.equal((await read(whole)).tests.length, 3);
  await assert.rejects(
    read(Buffer.concat([whole, Buffer.from('\n')])),
    /longer than 16777216 bytes/,
  );
});

test('a test is named by the beginning of what it stands in, however long that is', async () => {
  const long = 'a'.repeat(10_000);
  const within = `# Subtest: ${long}\n    ok 1 - b\n    1..1\nok 1 - ${long}\n1..1\n`;
  const deep = (left: number): string =>
    left === 0
      ? 'ok 1 - b\n1..1\n'
      : `# Subtest: ${long}\n${deep(left - 1).replaceAll(/^(?=.)/gm, '    ')}ok 1 - ${long}\n1..1\n`;

  assert.deepEqual((await read(within)).tests, [[`${long.slice(0, 500)} › b`, 'passed']]);
  const [[name = ''] = []] = (await read(deep(20))).tests;
  assert.ok(name.startsWith('aaa') && name.length <= 2_100, `${name.length}`);
});

test('many tests are held against their plan and against each other as few are', async () => {
  const points = (from: number, to: number, how = 'ok'): string =>
    Array.from({ length: to - from + 1 }, (_, at) => `${how} ${from + at} - a\n`).join('');
  const incomplete = async (text: string) => (await read(text)).incomplete;

  assert.deepEqual(await incomplete(`${points(1, 500)}1..500\n`), []);
  assert.deepEqual(await incomplete(`${points(1, 500, 'not ok')}1..500\n`), []);
  assert.deepEqual(await incomplete(`1..500\n${points(1, 499)}`), [
    'The plan is not kept: incorrect number of tests',
  ]);
  assert.deepEqual(await incomplete(`${points(1, 500)}1..400\n`), [
    'The plan is not kept: id greater than plan end',
  ]);
  const twice = await incomplete(`${points(1, 300)}${points(1, 300, 'not ok')}1..600\n`);
  assert.equal(twice[0], 'The plan is not kept: test point id 1 appears multiple times');
  assert.ok(twice.length <= 100);
});

test('why a report is not believed is told', async () => {
  const lost = await read(`${passing}not ok 3 - behind\n`);
  const bailed = await read('1..2\nok 1\nBail out! no database\n');

  assert.deepEqual(lost.incomplete, ['"not ok 3 - behind" stands where nothing is read']);
  assert.deepEqual(bailed.incomplete, ['It bailed out: no database']);
  const again = await read('1..2\nok 1\nok 1\n');
  assert.deepEqual(again.incomplete, [
    'The plan is not kept: test point id 1 appears multiple times',
  ]);
  const short = await read('1..2\nok 1\n');
  assert.deepEqual(short.incomplete, ['The plan is not kept: incorrect number of tests']);
  await assert.rejects(read('listen on 8080\n'), /no test and no plan/);
});

test('what tests write into their diagnosis is read as far as it says why', async () => {
  const odd =
    '1..2\nnot ok 1 - a\n  ---\n  - 1\n  ...\nnot ok 2 - b\n  ---\n  message: 12\n  ...\n';

  assert.deepEqual((await read(odd)).tests, [
    ['a', 'failed'],
    ['b', 'failed'],
  ]);
});
