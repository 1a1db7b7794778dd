import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { junitReport } from './driver.ts';

const reader = junitReport.connect({ tests: 1, skipped: 0 }, { stateDirectory: '/nowhere' });

const passing =
  '<?xml version="1.0"?><testsuites><testsuite name="a" tests="2" failures="0"><testcase name="x"/><testcase name="y"/></testsuite></testsuites>';

function withSecond(attributes: string): string {
  return passing.replace('<testcase name="y"/>', `<testcase name="y" ${attributes}/>`);
}

/** Of a suite that does not count, with one test and something in it. */
function withoutCounts(inside: string): string {
  return `<testsuite><testcase name="x"/><testcase name="y">${inside}</testcase></testsuite>`;
}

describeReport('junit', reader, {
  folder: import.meta.dirname,
  expected: {
    // Seven assertions in three sections of test cases.
    'catch2-2.13.10.xml': { tests: { passed: 3, failed: 0, skipped: 0 }, incomplete: [] },
    'doctest-2.4.9.xml': { tests: { passed: 3, failed: 0, skipped: 0 }, incomplete: [] },
    'node-24.21.0.xml': {
      tests: { passed: 2, failed: 1, skipped: 2 },
      failedTests: [
        {
          ...{ kind: 'test', name: 'sums › fails <here> & there' },
          ...{ outcome: 'failed', message: '2 == 3' },
        },
      ],
    },
    // It counts subtests, and lists none of them; one test skips two.
    'pytest-9.2.0.xml': {
      tests: { passed: 2, failed: 0, skipped: 3 },
      incomplete: [],
    },
    'vitest-4.1.12.xml': {
      tests: { passed: 1, failed: 1, skipped: 1 },
      incomplete: [],
    },
  },
  passing,
  broken: {
    'a report without tests': '<testsuites/>',
    'a suite without tests': '<testsuite name="a" tests="0"/>',
    'tests that were all skipped':
      '<testsuite><testcase name="x"><skipped/></testcase></testsuite>',
    'one test that failed': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><failure/></testcase>',
    ),
    'a failure that is written otherwise': withoutCounts('<Failure message="no"/>'),
    'an error that is written otherwise, beside a count of none': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><ERROR/></testcase>',
    ),
    'a skipped test that is written otherwise, beside a count of no failure': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><Skipped/></testcase>',
    ),
    'a skipped test that is written otherwise': withoutCounts('<Skipped/>'),
    'a test with what nobody knows in it': withoutCounts('<broken/>'),
    'a test with what nobody knows in it, and something in that': withoutCounts(
      '<result>bad<a/></result>',
    ),
    'one test with an error': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><error message="no database"/></testcase>',
    ),
    'a suite that could not be loaded': passing.replace(
      '</testsuites>',
      '<testsuite name="b" tests="1" errors="1"/></testsuites>',
    ),
    'a list that was cut short': passing.replace('tests="2"', 'tests="3"'),
    'a list that was cut short, by the count of the whole': passing.replace(
      '<testsuites>',
      '<testsuites tests="3">',
    ),
    'more tests that were skipped than are listed': passing.replace(
      'failures="0"',
      'failures="0" skipped="1"',
    ),
    'more tests that are disabled than are listed': passing.replace(
      'failures="0"',
      'failures="0" disabled="1"',
    ),
    'an error of a suite': passing.replace('</testsuite>', '<error/></testsuite>'),
    'a failure of a suite': passing.replace('</testsuite>', '<failure/></testsuite>'),
    'an error of the whole': passing.replace('</testsuites>', '<error/></testsuites>'),
    ...Object.fromEntries(
      ['status="notrun"', 'status="failed"', 'status="Skipped"', 'result="suppressed"'].map(
        (said) => [`one test of two with ${said}`, withSecond(said)],
      ),
    ),
    ...Object.fromEntries(
      ['success="false"', 'passed="0"', 'executed="False"', 'outcome="failed"'].map((said) => [
        `one test of two with ${said}`,
        withSecond(said),
      ]),
    ),
    ...Object.fromEntries(
      [
        ...['status="failed"', 'result="failed"', 'outcome="Error"', 'success="false"'],
        ...['status="skipped"', 'status="baked"', 'executed="no"'],
        ...['failed="1"', 'skips="1"', 'skip="1"', 'ignored="1"'],
      ].flatMap((said) => [
        [`a suite with ${said}`, passing.replace('<testsuite ', `<testsuite ${said} `)],
        [`a collection with ${said}`, passing.replace('<testsuites', `<testsuites ${said}`)],
      ]),
    ),
    'a failure in what was skipped': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><skipped><part><failure/></part></skipped></testcase>',
    ),
    'files of node:test without tests':
      '<testsuites><testcase name="t/a.test.mjs" time="0.1" classname="test" file="/srv/t/a.test.mjs"/></testsuites>',
    'a test that says a word of itself that nobody knows': withSecond('status="baked"'),
    'a test that is disabled': withSecond('disabled="true"'),
    'a failure in an element that nobody knows': passing.replace(
      '<testcase name="y"/>',
      '<group><part><testcase name="y"><failure/></testcase></part></group>',
    ),
    'a failure in a test within a test': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><testcase name="z"><failure/></testcase></testcase>',
    ),
    'a failure in an element of a test that nobody knows': passing.replace(
      '<testcase name="y"/>',
      '<testcase name="y"><outcome><failure/></outcome></testcase>',
    ),
    'a failure in a collection within a suite': passing.replace(
      '</testsuite>',
      '<testsuites><testcase name="z"><error/></testcase></testsuites></testsuite>',
    ),
    'a document type of its own': `<!DOCTYPE testsuites [<!ELEMENT testsuites ANY>]>${passing.replace(/^<\?xml.*?\?>/, '')}`,
    'an element that is not closed': passing.replace('</testsuite>', ''),
    'an entity that nobody has declared': passing
      .replace('name="x"', 'name="x"')
      .replace('</testsuites>', '&lol;</testsuites'),
  },
});

test('a suite may be the root, and suites stand in suites', async () => {
  const text =
    '<testsuite name="outer"><testsuite name="inner"><testcase name="x"/></testsuite></testsuite>';
  const tests = await factsOfKind(reader, text, 'test');

  assert.deepEqual(
    tests.map(({ name }) => name),
    ['inner › x'],
  );
});

test('a count that is no whole number is no report', async () => {
  const counts = [
    ...['NaN', 'abc', '-1', '1.5', '', ' 1', '0x1'].map((count) => `tests="${count}"`),
    ...['failures', 'errors', 'skipped', 'disabled'].map((what) => `${what}="NaN"`),
  ];
  for (const attribute of counts) {
    await assert.rejects(
      factsOfKind(reader, `<testsuites><testsuite name="a" ${attribute}/></testsuites>`, 'test'),
      /a counts "[^"]*" \w+, which is no whole number/,
    );
  }
});

test('a test is named by what it stands in, but for the root, and by nothing around another test', async () => {
  const text =
    '<testsuite name="root"><testcase name="x"/><testsuite name="a"><testcase name="t"><testsuite name="b"><error/></testsuite></testcase></testsuite></testsuite>';

  assert.deepEqual(
    (await factsOfKind(reader, text, 'test')).map(({ name }) => name),
    ['x', 't › b', 'a › t'],
  );
});

test('a test is named by the beginning of what it stands in, however long that is', async () => {
  const long = 'a'.repeat(10_000);
  const suites = (depth: number): string =>
    `${`<testsuite name="${long}">`.repeat(depth)}<testcase name="${long}"/>${'</testsuite>'.repeat(depth)}`;
  const nameIn = async (text: string): Promise<string> =>
    (await factsOfKind(reader, `<testsuites>${text}</testsuites>`, 'test'))[0]?.name ?? '';

  assert.equal(await nameIn(suites(1)), `${long.slice(0, 500)} › ${long.slice(0, 500)}`);
  const classes = `<testcase classname="${long}" name="x"/>`;
  assert.equal(await nameIn(`<testsuite>${classes}</testsuite>`), `${long.slice(0, 500)} › x`);
  const error = suites(20).replace(/<testcase[^>]*>/, '<error/>');
  assert.ok((await nameIn(error)).length <= 2_100);
});

test('tests within tests are listed by their suite, too', async () => {
  const suite = (tests: number): string =>
    `<testsuite tests="${tests}"><testcase name="x"><testcase name="y"/></testcase></testsuite>`;

  assert.deepEqual(await factsOfKind(reader, suite(2), 'incomplete'), []);
  assert.equal((await factsOfKind(reader, suite(3), 'incomplete')).length, 1);
});

test('test cases count wherever they stand', async () => {
  const text =
    '<testsuites><group name="g"><testsuite name="a" tests="1"><part><testcase name="x"/></part></testsuite></group><testcase name="y"><steps><testcase name="z"><skipped/></testcase></steps></testcase></testsuites>';

  assert.deepEqual(
    (await factsOfKind(reader, text, 'test')).map(({ name, outcome }) => [name, outcome]),
    [
      ['a › x', 'passed'],
      ['y › z', 'skipped'],
      ['y', 'passed'],
    ],
  );
  assert.deepEqual(await factsOfKind(reader, text, 'incomplete'), []);
});

const pytest =
  '<testsuite name="pytest" errors="0" failures="0" skipped="0" tests="100" timestamp="2026-11-28T20:11:37Z"><testcase classname="a" name="x" time="0.1"/></testsuite>';

const cutShort: Readonly<Record<string, string>> = {
  'of pytest that also holds a suite': pytest.replace(
    '</testsuite>',
    '<testsuite name="b"/></testsuite>',
  ),
  'of pytest one case of which another wrote': pytest.replace(
    '</testsuite>',
    '<testcase name="y"/></testsuite>',
  ),
  'of pytest in a collection that counts as much': `<testsuites name="pytest" errors="0" failures="0" skipped="0" tests="100" timestamp="2026-11-28T20:11:37Z">${pytest.slice(
    pytest.indexOf('<testcase'),
    pytest.indexOf('</testsuite>'),
  )}</testsuites>`,
  'of doctest without a time':
    '<testsuite name="a" errors="0" failures="0" tests="100" doctest_version="2.4.9"><testcase classname="a" name="x" status="run"/></testsuite>',
  'that only is called pytest':
    '<testsuite name="pytest" tests="100"><testcase name="x"/></testsuite>',
  'like those of doctest, without its version':
    '<testsuite name="a" errors="0" failures="0" tests="100" timestamp="2026-11-28T20:11:37Z"><testcase classname="a" name="x" time="0.1" status="run"/></testsuite>',
  'like those of Catch2, on a host of another name':
    '<testsuite name="a" errors="0" failures="0" tests="100" hostname="ci" timestamp="2026-11-28T20:11:37Z"><testcase classname="a" name="x" time="0.1" status="run"/></testsuite>',
  'on a host tbd': '<testsuite hostname="tbd" tests="100"><testcase name="x"/></testsuite>',
  'of doctest that lists no case':
    '<testsuite name="a" errors="0" failures="0" tests="100" timestamp="2026-11-28T20:11:37Z" doctest_version="2.4.11"/>',
  'of pytest that failed itself': pytest.replace('</testsuite>', '<error/></testsuite>'),
  'of pytest that was skipped itself': pytest.replace('</testsuite>', '<skipped/></testsuite>'),
  'of pytest into which other cases were written':
    '<testsuite name="pytest" errors="0" failures="0" skipped="0" tests="100" timestamp="2026-11-28T20:11:37.385445Z" hostname="ci"><testcase name="x"/></testsuite>',
};

for (const [what, text] of Object.entries(cutShort)) {
  test(`more tests than are listed are missed of a suite ${what}`, async () => {
    const [missed] = await factsOfKind(reader, text, 'incomplete');

    assert.match(missed?.message ?? '', /counts 100 tests and lists [012]$/);
  });
}

test('what pytest counts it need not list, but for failures and what was skipped', async () => {
  const missing = async (text: string): Promise<readonly string[]> =>
    (await factsOfKind(reader, text, 'incomplete')).map(({ message }) => message);

  assert.deepEqual(await missing(pytest), []);
  assert.deepEqual(await missing(pytest.replace('failures="0"', 'failures="1"')), [
    'pytest counts 1 failures and lists 0',
  ]);
  assert.deepEqual(await missing(pytest.replace('skipped="0"', 'skipped="1"')), [
    'pytest counts 1 skipped tests and lists 0',
  ]);
});

test('a failure in what was skipped is one, however many may be skipped', async () => {
  const cases = '<testcase name="x"><skipped><failure message="why"/></skipped></testcase>';
  const [found] = await factsOfKind(reader, `<testsuite>${cases}</testsuite>`, 'test');

  assert.deepEqual([found?.outcome, found?.message], ['failed', 'why']);
});

test('what a suite says of itself is no more than what it lists, where it lists that', async () => {
  const failing =
    '<testsuite status="failed" failed="1" tests="1"><testcase name="x"><failure/></testcase></testsuite>';
  const passed =
    '<testsuite status="passed" success="2" passed="2"><testcase name="x"/></testsuite>';

  assert.deepEqual(await factsOfKind(reader, failing, 'incomplete'), []);
  assert.deepEqual(await factsOfKind(reader, passed, 'incomplete'), []);
});

test('a file of node:test is a test only where it fails, or is called like one by itself', async () => {
  const tests = async (attributes: string, inside = ''): Promise<number> =>
    (
      await factsOfKind(
        reader,
        `<testsuites><testcase ${attributes}>${inside}</testcase></testsuites>`,
        'test',
      )
    ).length;
  const file = 'name="a.test.js" classname="test" file="/srv/a.test.js"';

  assert.equal(await tests(file), 0);
  assert.equal(await tests(file, '<failure/>'), 1);
  assert.equal(await tests(file.replace('name="a', 'name="b')), 1);
  assert.equal(await tests(file.replace('classname="test"', 'classname="suite"')), 1);
  assert.equal(await tests('name="works" classname="test" file="/srv/works"'), 1);
});

test('suites of the same name are told apart, and each is held against its own count', async () => {
  const one = '<testsuite name="a" tests="1"><testcase name="x"/></testsuite>';
  const none = '<testsuite name="a" tests="1"></testsuite>';
  const missing = async (suites: string): Promise<number> =>
    (await factsOfKind(reader, `<testsuites>${suites}</testsuites>`, 'incomplete')).length;

  assert.equal(await missing(one + one), 0);
  assert.equal(await missing(one + none), 1);
  assert.equal(await missing(none + one), 1);
  assert.equal(await missing(one.replace('<testcase name="x"/>', one) + none), 1);
});

const outcomesIn = async (cases: string): Promise<readonly string[]> =>
  (await factsOfKind(reader, `<testsuite>${cases}</testsuite>`, 'test')).map(
    ({ outcome }) => outcome,
  );

test('what a test says of itself counts where nothing stands in it', async () => {
  const said = {
    ...{ 'status="run" result="completed"': 'passed', 'status="passed"': 'passed' },
    ...{ 'status="SUCCESS"': 'passed', 'status=""': 'passed' },
    ...{ 'status="notrun" result="suppressed"': 'skipped', 'status="not-run"': 'skipped' },
    ...{ 'status="run" result="skipped"': 'skipped', 'status="disabled"': 'skipped' },
    ...{ 'status="pending"': 'skipped', 'disabled="true"': 'skipped', 'skipped="1"': 'skipped' },
    ...{ 'status="failed"': 'failed', 'status="ERROR"': 'failed', 'status="timed_out"': 'failed' },
  };

  for (const [attributes, outcome] of Object.entries(said)) {
    assert.deepEqual(await outcomesIn(`<testcase name="x" ${attributes}/>`), [outcome], attributes);
  }
  assert.deepEqual(await outcomesIn('<testcase name="x"><disabled/></testcase>'), ['skipped']);
  assert.deepEqual(await outcomesIn('<testcase status="run"><failure/></testcase>'), ['failed']);
});

test('what goes wrong around the tests of a suite is a failure of the suite', async () => {
  const text =
    '<testsuites><testsuite name="a" errors="1"><testsuite name="b"><testcase name="x"/><error message="no database"/></testsuite></testsuite></testsuites>';

  assert.deepEqual(
    (await factsOfKind(reader, text, 'test')).map(({ name, outcome }) => [name, outcome]),
    [
      ['b › x', 'passed'],
      ['a › b', 'failed'],
    ],
  );
  assert.deepEqual(await factsOfKind(reader, text, 'incomplete'), []);
});

/** As their sources write it: what each runner counts is another thing. */
const honest: Readonly<Record<string, string>> = {
  'Google Test, with a test that is disabled':
    '<testsuites tests="2" failures="0" disabled="1" errors="0"><testsuite name="Sums" tests="2" failures="0" disabled="1" skipped="0" errors="0"><testcase name="Adds" status="run" result="completed"/><testcase name="DISABLED_Divides" status="notrun" result="suppressed"/></testsuite></testsuites>',
  'node:test, which counts a suite as one':
    '<testsuites><testsuite name="a" tests="2" skipped="1"><testcase name="x"/><testsuite name="b" tests="3" skipped="1"><testcase name="y"/><testcase name="z"/><testcase name="w"><skipped/></testcase></testsuite></testsuite></testsuites>',
  'PHPUnit, which counts all that is below':
    '<testsuites><testsuite name="all" tests="3" assertions="9" errors="0" failures="0" skipped="1"><testsuite name="A" tests="2"><testcase name="x" assertions="4"/><testcase name="y" assertions="5"/></testsuite><testsuite name="B" tests="1" skipped="1"><testcase name="z"><skipped/></testcase></testsuite></testsuite></testsuites>',
  'jest-junit, which does not count what is to be done':
    '<testsuites name="jest tests" tests="1" failures="0" errors="0"><testsuite name="a" errors="0" failures="0" skipped="0" tests="1"><testcase name="x"/><testcase name="y"><skipped/></testcase></testsuite></testsuites>',
  'Surefire, with a class that is ignored':
    '<testsuite name="A" tests="1" errors="0" skipped="1" failures="0"><testcase name="" classname="A"><skipped/></testcase></testsuite>',
  'Ginkgo, which has pending and skipped ones':
    '<testsuites tests="3" disabled="1" errors="0" failures="0"><testsuite name="s" tests="3" disabled="1" skipped="1" errors="0" failures="0"><testcase name="x" status="passed"/><testcase name="y" status="pending"><skipped message="pending"/></testcase><testcase name="z" status="skipped"><skipped/></testcase></testsuite></testsuites>',
  'pytest, merged with others':
    '<testsuites tests="5"><testsuite name="pytest" errors="0" failures="0" skipped="0" tests="4" time="0.040" timestamp="2026-11-28T20:11:37.385445Z" hostname="ci"><testcase classname="a" name="x" time="0.006"/></testsuite><testsuite name="b" tests="1"><testcase name="y"/></testsuite></testsuites>',
};

for (const [runner, text] of Object.entries(honest)) {
  test(`a whole report is whole: ${runner}`, async () => {
    assert.deepEqual(await factsOfKind(reader, text, 'incomplete'), []);
  });
}

test('what was printed and noted says nothing of a test, nor does what nobody knows where a suite counts', async () => {
  const noted = '<properties><property name="a"/></properties><system-out>x</system-out>';
  const flaky = '<flakyFailure message="first"/>';
  const counted = withoutCounts('<steps/>').replace('<testsuite', '<testsuite failures="0"');

  for (const text of [withoutCounts(noted + flaky), counted, withoutCounts('')]) {
    const outcomes = (await factsOfKind(reader, text, 'test')).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['passed', 'passed'], text);
    assert.deepEqual(await factsOfKind(reader, text, 'incomplete'), []);
  }
  assert.deepEqual(await factsOfKind(reader, withoutCounts('<steps/>'), 'incomplete'), [
    {
      kind: 'incomplete',
      message: 'y: nobody knows what its element steps says, and its suite counts no failures',
    },
  ]);
});
