import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../../test/support/fails-with.ts';
import { factsOfKind } from '../../contract-suites/facts-in.ts';
import { junitReport } from './driver.ts';

const reader = junitReport.connect({ tests: 1, skipped: 0 }, { stateDirectory: '/nowhere' });
const suites = (inside: string): string => `<testsuites>${inside}</testsuites>`;
const good = '<testsuite name="s" tests="1" failures="0"><testcase name="a"/></testsuite>';

test('a name that counts, in another case, is refused and not passed over', async () => {
  const otherwise = {
    TestCase: '<testsuite><testcase name="a"/><TestCase name="b" status="failed"/></testsuite>',
    Testcase: '<testsuite><testcase name="a"/><group><Testcase name="b"/></group></testsuite>',
    Testsuite: suites(`${good}<Testsuite name="t" tests="2" failures="2"/>`),
    TESTSUITES: suites(`${good}<TESTSUITES failures="2"/>`),
  };
  for (const [name, text] of Object.entries(otherwise)) {
    await assert.rejects(
      factsOfKind(reader, text, 'test'),
      failsWith('report-invalid', new RegExp(`${name}, which JUnit writes ${name.toLowerCase()}`)),
    );
  }
});

test('an attribute that counts, in another case, is refused and not passed over', async () => {
  const ofSuites = [
    ...['Tests', 'Failures', 'ERRORS', 'Failed', 'Skipped', 'Disabled', 'Skip', 'Skips'],
    ...['Ignored', 'Status', 'Result', 'Outcome', 'Success', 'Executed'],
  ];
  const ofCases = ['Status', 'Result', 'Outcome', 'Success', 'Passed', 'Executed', 'disAbled'];
  const texts = [
    ...ofSuites.map((name) => good.replace('<testsuite ', `<testsuite ${name}="3" `)),
    ...ofSuites.map((name) => suites(good).replace('>', ` ${name}="3">`)),
    ...[...ofCases, 'Skipped'].map((name) =>
      good.replace('<testcase', `<testcase ${name}="failed"`),
    ),
  ];
  for (const text of texts) {
    await assert.rejects(
      factsOfKind(reader, text, 'test'),
      failsWith('report-invalid', /has the attribute/),
    );
  }
});

test('a name that counts for nothing may be written in whatever case', async () => {
  const inside = '<system-out Status="failed"/>';
  const text = `<testsuite><testcase name="a" className="A" Time="1">${inside}</testcase></testsuite>`;

  assert.equal((await factsOfKind(reader, text, 'test')).length, 1);
});
