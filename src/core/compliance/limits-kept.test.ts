import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levels } from '../validation/level.ts';
import type { ComponentsRule, ControlsRule, FindingsRule, LoadRule } from '../validation/rule.ts';
import {
  controlLimitsKept,
  findingLimitsKept,
  loadLimitsKept,
  loadLimitsOf,
  testedByPeople,
  testedByTools,
  vulnerabilitiesJudged,
  type RuledCheck,
} from './limits-kept.ts';

const findings: FindingsRule = {
  ...{ subject: 'findings', level: 'medium', findingsMax: 0, databaseAgeMaxMs: null },
  suppressedMax: 0,
  ...{ covered: { unit: 'file', min: 1 }, exceptStable: false },
};
const controls: ControlsRule = {
  ...{ subject: 'controls', level: 'note', controlsMin: 1, notCheckedMax: 0 },
  waivedMax: 0,
};
const load: LoadRule = {
  ...{ subject: 'load', rateMin: 1_000, errorRateMax: 0, requestsMin: 1 },
  latency: { quantile: 'p95', maxMs: 100 },
};

test('checks that put up with findings are named', () => {
  const checks = [
    { name: 'lint', row: null, rule: findings },
    { name: 'audit', row: null, rule: { ...findings, findingsMax: 3 } },
    { name: 'types', row: null, rule: { ...findings, exceptStable: true } },
    { name: 'install', row: null, rule: null },
  ];

  assert.deepEqual(findingLimitsKept(checks), {
    state: 'broken',
    observed: 'audit puts up with 3; types does not count those of the stable release',
  });
  assert.equal(findingLimitsKept(checks.slice(0, 1)).state, 'holds');
});

test('what counts only from a level on that is higher than what is demanded is named, and what counts from a lower one is not', () => {
  type Unit = FindingsRule['covered']['unit'];
  const observed = (row: string | null, level: FindingsRule['level'], unit: Unit = 'file') =>
    findingLimitsKept([
      { name: 'audit', row, rule: { ...findings, level, covered: { unit, min: 1 } } },
    ]);
  const holds = (row: string | null, unit?: Unit): readonly string[] =>
    levels.filter((level) => observed(row, level, unit).state === 'holds');

  assert.deepEqual([holds('V1'), holds('V9')], [upToMedium, upToMedium]);
  const ofVulnerabilities = [holds('V3'), holds('V8'), holds(null, 'package')];
  assert.deepEqual(ofVulnerabilities, [upToLow, upToLow, upToLow]);
  assert.deepEqual(observed('V3', 'critical'), {
    ...{ state: 'broken' },
    observed: 'audit puts up with all below critical, not only below low',
  });
});

const upToLow = ['note', 'low'];
const upToMedium = [...upToLow, 'medium'];

test('a list of components that nobody judges the vulnerabilities of is no scan for them', () => {
  const listing: ComponentsRule = {
    ...{ subject: 'components', componentsMin: 1, licences: null, vulnerabilities: null },
  };
  const sbom = { name: 'sbom', row: 'V3', rule: listing };
  const strict: FindingsRule = { ...findings, level: 'low' };
  const judging = { ...sbom, rule: { ...listing, vulnerabilities: strict } };
  const lint = { name: 'lint', row: 'V1', rule: findings };
  const audit = { name: 'audit', row: 'V3', rule: findings };

  assert.deepEqual(vulnerabilitiesJudged([sbom, lint]), {
    ...{ state: 'broken', observed: 'no check of V3 judges vulnerabilities' },
  });
  assert.equal(vulnerabilitiesJudged([sbom, audit]).state, 'holds');
  assert.equal(vulnerabilitiesJudged([judging]).state, 'holds');
  assert.equal(vulnerabilitiesJudged([lint]).state, 'unknown');
  assert.equal(vulnerabilitiesJudged([audit, { ...sbom, row: 'V8' }]).state, 'broken');
  assert.deepEqual(
    findingLimitsKept([
      { ...judging, rule: { ...listing, vulnerabilities: { ...strict, findingsMax: 1 } } },
      { ...judging, row: null, rule: { ...listing, vulnerabilities: findings } },
    ]),
    {
      ...{ state: 'broken' },
      observed: 'sbom puts up with 1; sbom puts up with all below medium, not only below low',
    },
  );
});

const DAY_MS = 86_400_000;
const requests: FindingsRule = { ...findings, covered: { unit: 'request', min: 1 } };
const scan: RuledCheck = { name: 'attacks', row: 'V9', rule: requests };
const pentest = (days: number): RuledCheck => ({
  ...{ name: 'pentest', row: 'V9', rule: { subject: 'signed', ageMaxMs: days * DAY_MS } },
});

test('scans alone are no penetration test, a report that a person has signed is one', () => {
  assert.deepEqual(testedByPeople([scan]), {
    state: 'broken',
    observed: 'automated DAST alone: no check of V9 reads a report that a person has signed',
  });
  assert.equal(testedByPeople([scan, pentest(1)]).state, 'holds');
  assert.equal(testedByPeople([{ ...pentest(1), row: 'V10' }]).state, 'unknown');
});

test('a signed report that may be older than a year shows nothing, unless another may not', () => {
  assert.equal(testedByPeople([pentest(366)]).state, 'holds');
  assert.deepEqual(testedByPeople([scan, pentest(3_660)]), {
    state: 'broken',
    observed: 'pentest lets its report be 3,660 days old, not 366',
  });
  assert.equal(testedByPeople([pentest(3_660), pentest(180)]).state, 'holds');
});

test('a report that a person has signed is no scan, nor is a tool that sends no requests', () => {
  const none = 'no check of V9 reads what a scanner found that sends requests, as wapiti does';
  const broken = { state: 'broken', observed: none };

  assert.deepEqual(testedByTools([pentest(180)]), broken);
  assert.deepEqual(testedByTools([{ ...scan, rule: findings }]), broken);
  assert.equal(testedByTools([scan, pentest(180)]).state, 'holds');
  assert.equal(testedByTools([{ ...scan, row: 'V2' }]).state, 'unknown');
});

test('checks of controls that put up with failures, or with what nobody checked, are named', () => {
  const checks = [
    { name: 'host', row: null, rule: controls },
    { name: 'lynis', row: null, rule: { ...controls, level: 'high', notCheckedMax: 4 } },
  ] as const;

  assert.deepEqual(controlLimitsKept(checks), {
    state: 'broken',
    observed: 'lynis puts up with failures below high; lynis leaves 4 unchecked',
  });
  assert.equal(controlLimitsKept(checks.slice(0, 1)).state, 'holds');
  assert.equal(controlLimitsKept([]).state, 'unknown');
});

test('where nothing is asked, nothing is kept', () => {
  const checks = [{ name: 'install', row: null, rule: null }];

  assert.equal(findingLimitsKept(checks).state, 'unknown');
  assert.equal(loadLimitsKept(checks, loadLimitsOf.critical).state, 'unknown');
});

test('a load test that asks for as much or more keeps the limits', () => {
  const stricter: LoadRule = { ...load, rateMin: 5_000, latency: { quantile: 'max', maxMs: 50 } };

  for (const rule of [load, stricter]) {
    assert.equal(
      loadLimitsKept([{ name: 'k6', row: null, rule }], loadLimitsOf.critical).state,
      'holds',
    );
  }
});

const looser: Readonly<Record<string, Partial<LoadRule>>> = {
  'asks for 999 a second, not 1,000': { rateMin: 999 },
  'allows 101 ms, not 100 ms': { latency: { quantile: 'p95', maxMs: 101 } },
  'looks at p90, not p95': { latency: { quantile: 'p90', maxMs: 100 } },
  'allows 1 % of failures, not 0 %': { errorRateMax: 0.01 },
};

for (const [says, changes] of Object.entries(looser)) {
  test(`a load test that ${says.replace(', not', ' instead of')} does not keep the limits`, () => {
    const rule = { ...load, ...changes };

    assert.deepEqual(loadLimitsKept([{ name: 'k6', row: null, rule }], loadLimitsOf.critical), {
      ...{ state: 'broken', observed: `k6 ${says}` },
    });
  });
}

test('a system that is held to less may ask for less', () => {
  const rule = { ...load, latency: { quantile: 'p95', maxMs: 200 }, errorRateMax: 0.0001 };

  assert.equal(
    loadLimitsKept([{ name: 'k6', row: null, rule }], loadLimitsOf.standard).state,
    'holds',
  );
});
