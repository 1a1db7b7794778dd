import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesAlone } from './changes-alone.ts';
import type { FindingsRule, Rule } from './rule.ts';

const files: FindingsRule = {
  ...{ subject: 'findings', level: 'medium', findingsMax: 0, suppressedMax: 0 },
  ...{ covered: { unit: 'file', min: 1 }, databaseAgeMaxMs: null, exceptStable: false },
};
const packages: FindingsRule = { ...files, covered: { unit: 'package', min: 1 } };
const listing: Rule = {
  ...{ subject: 'components', componentsMin: 1, licences: null, vulnerabilities: null },
};

const alone = (rule: Rule, row?: string): boolean => changesAlone(rule, { row });

test('what is known of packages changes while they do not', () => {
  assert.ok(alone(packages));
  assert.ok(alone({ ...listing, vulnerabilities: packages }));
});

test('so does what fulfils a line of the protocol about vulnerabilities, whatever its format', () => {
  assert.ok(alone(files, 'V3'));
  assert.ok(alone(listing, 'V3'));
  assert.ok(alone({ subject: 'tests', testsMin: 1, skippedMax: 0 }, 'V8'));
});

test('where it is known by which database, nothing changes that nobody sees', () => {
  const database = { file: 'db.json' };
  const dated: FindingsRule = { ...packages, databaseAgeMaxMs: 1 };

  assert.ok(!changesAlone(packages, { row: 'V8', database }));
  assert.ok(!changesAlone({ ...listing, vulnerabilities: packages }, { database }));
  assert.ok(!alone(dated, 'V8'));
});

test('what is said of files, and which packages there are, does not', () => {
  assert.ok(!alone(files, 'V2'));
  assert.ok(!alone(listing));
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
  const rules: Rule = { ...files, covered: { unit: 'rule', min: 1 } };

  const signed: Rule = { subject: 'signed', ageMaxMs: 1 };

  for (const rule of [load, controls, requests, rules, signed]) {
    assert.ok(changesAlone(rule, { database: { file: 'db.json' } }));
  }
});
