import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgesByDatabase } from './judges-by-database.ts';
import { judgesTheCopy } from './judges-the-copy.ts';
import type { FindingsRule, Rule } from './rule.ts';

const files: FindingsRule = {
  ...{ subject: 'findings', level: 'medium', findingsMax: 0, suppressedMax: 0 },
  ...{ covered: { unit: 'file', min: 1 }, databaseAgeMaxMs: null, exceptStable: false },
};
const packages: FindingsRule = { ...files, covered: { unit: 'package', min: 1 } };
const listing: Rule = {
  ...{ subject: 'components', componentsMin: 1, licences: null, vulnerabilities: null },
};

test('what is known of packages changes while they do not', () => {
  assert.ok(judgesByDatabase(undefined, packages));
  assert.ok(judgesByDatabase(undefined, { ...listing, vulnerabilities: packages }));
});

test('so does what fulfils a line of the protocol about vulnerabilities, whatever its format', () => {
  assert.ok(judgesByDatabase('V3', files));
  assert.ok(judgesByDatabase('V8', { subject: 'tests', testsMin: 1, skippedMax: 0 }));
});

test('what is said of files, and which packages there are, does not', () => {
  assert.ok(!judgesByDatabase('V2', files));
  assert.ok(!judgesByDatabase(undefined, listing));
});

test('what is said of a host, or of something that runs, changes while what is checked does not', () => {
  const load: Rule = {
    ...{ subject: 'load', rateMin: 1, latency: { quantile: 'p95', maxMs: 100 } },
    ...{ errorRateMax: 0, requestsMin: 1 },
  };
  const controls: Rule = {
    ...{ subject: 'controls', level: 'note', controlsMin: 1, notCheckedMax: 0, waivedMax: 0 },
  };
  const requests: Rule = { ...files, covered: { unit: 'request', min: 1 } };

  for (const rule of [load, controls, requests]) assert.ok(!judgesTheCopy(rule));
  for (const rule of [files, packages, listing]) assert.ok(judgesTheCopy(rule));
});
