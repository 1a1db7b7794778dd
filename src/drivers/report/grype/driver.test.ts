import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packagePlaces } from '../../../core/validation/package-places.ts';
import type { Finding } from '../../../core/validation/fact.ts';
import { judgeReport } from '../../../core/validation/judge-report.ts';
import { addFact, newTally, plainly } from '../../../core/validation/tally.ts';
import { factsIn, factsOfKind } from '../../contract-suites/facts-in.ts';
import { describeReport } from '../../contract-suites/report.ts';
import { grypeReport } from './driver.ts';

const config = {
  level: 'medium',
  max: 0,
  suppressed: 0,
  covered: 1,
  databaseAge: 172_800_000,
} as const;
const reader = grypeReport.connect(config, { stateDirectory: '/nowhere' });

const BAIT = '.canary/package-lock.json';

function aMatch(changes: object = {}, artifact: object = {}): object {
  return {
    vulnerability: {
      ...{ id: 'GHSA-29mw-wpgm-hmr9', severity: 'Low', description: 'ReDoS', cvss: [] },
      fix: { versions: ['4.17.21'], state: 'fixed' },
      ...changes,
    },
    relatedVulnerabilities: [{ id: 'CVE-2020-28500', cvss: [{ metrics: { baseScore: 5.3 } }] }],
    artifact: {
      ...{ name: 'lodash', version: '4.17.15', locations: [{ path: '/package-lock.json' }] },
      purl: 'pkg:npm/lodash@4.17.15',
      ...artifact,
    },
  };
}

const bait = aMatch({ severity: 'High' }, { locations: [{ path: `/${BAIT}` }] });
const valid = { schemaVersion: 'v6.1.10', built: '2026-11-28T06:30:00+01:00', valid: true };

function aReport(matches: readonly object[] = [bait, aMatch()], changes: object = {}): string {
  return JSON.stringify({
    matches,
    source: { type: 'directory', target: '/srv/shop' },
    descriptor: { name: 'grype', version: '0.121.2', db: { status: valid, providers: {} } },
    ...changes,
  });
}

function withDatabase(db: object | undefined): string {
  return aReport(undefined, { descriptor: { name: 'grype', version: '0.121.2', db } });
}

const findingsIn = (text: string): Promise<readonly Finding[]> =>
  factsOfKind(reader, text, 'finding');

async function outcomeOf(text: string, now: string): Promise<string> {
  const tally = newTally();
  for (const fact of await factsIn(reader, text))
    addFact(tally, fact, { ...plainly, planted: [BAIT] });
  const circumstances = { planted: [BAIT], apart: null, dated: null, nowMs: Date.parse(now) };
  return judgeReport(reader.rule, tally, { ...circumstances, baseline: { kind: 'none' } }).outcome;
}

const none = { note: 0, low: 0, medium: 0, high: 0, critical: 0 };

describeReport('grype', reader, {
  folder: import.meta.dirname,
  expected: {
    'grype-0.121.2-directory.json': {
      tool: { name: 'Grype', version: '[not provided]' },
      // It never says what it looked at.
      ...{ covered: {}, database: null },
      findings: { ...none, low: 1, critical: 1 },
      suppressed: none,
      incomplete: [],
    },
    'grype-0.121.2-empty.json': { covered: {}, findings: none, database: null },
  },
  passing: aReport(),
  planted: [BAIT],
  broken: {
    'a high one in what is planted and in something else': aReport([
      aMatch({ severity: 'High' }, { locations: [{ path: `/${BAIT}` }, { path: '/lock.json' }] }),
    ]),
    'a high one': aReport([bait, aMatch({ severity: 'High' })]),
    'one with a word that nobody knows': aReport([bait, aMatch({ severity: 'Dire', cvss: [] })]),
    'one that does not say how bad it is': aReport([bait, aMatch({ severity: undefined })]),
    'a report that does not find what is planted': aReport([aMatch()]),
    'a report without matches': aReport(undefined, { matches: undefined }),
    'matches that are no list': aReport(undefined, { matches: {} }),
    'a match without an artifact': aReport([bait, { vulnerability: { id: 'CVE-1' } }]),
    'a vulnerability without an id': aReport([bait, aMatch({ id: undefined })]),
    'a report without a descriptor': aReport(undefined, { descriptor: undefined }),
    'a report of another tool': aReport().replace('"name":"grype"', '"name":"syft"'),
    'a report without a database': withDatabase(undefined),
    'a database without a date': withDatabase({ status: { valid: true } }),
    'a database whose date is none': withDatabase({ status: { ...valid, built: 'yesterday' } }),
    'a database of last week': withDatabase({
      status: { ...valid, built: '2026-11-21T06:30:00Z' },
    }),
    'a database of tomorrow': withDatabase({ status: { ...valid, built: '2026-11-29T06:30:00Z' } }),
    'a database that is not valid': withDatabase({ status: { ...valid, valid: false } }),
    'a database with an error': withDatabase({ status: { ...valid, error: 'bad hash' } }),
  },
});

test('a match says which vulnerability, in which package and where', async () => {
  assert.deepEqual(await findingsIn(aReport([aMatch()])), [
    {
      ...{ kind: 'finding', rule: 'CVE-2020-28500', aliases: ['GHSA-29mw-wpgm-hmr9'] },
      ...{ level: 'low', message: 'ReDoS; fixed in 4.17.21', isSuppressed: false },
      component: { name: 'lodash', version: '4.17.15', ecosystem: 'npm' },
      places: packagePlaces({ name: 'lodash', version: '4.17.15' }, ['/package-lock.json']),
    },
  ]);
});

test('a package is named as its package URL names it', async () => {
  const ofMaven = { name: 'log4j-core', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core@2.0' };
  const [found, unnamed] = await findingsIn(
    aReport([aMatch({}, ofMaven), aMatch({}, { ...ofMaven, purl: '' })]),
  );

  assert.deepEqual(
    [found, unnamed].map((each) => [each?.component?.name, each?.component?.ecosystem]),
    [
      ['org.apache.logging.log4j:log4j-core', 'maven'],
      ['log4j-core', null],
    ],
  );
});

test('where Grype has no word the figures do, those of what is related too', async () => {
  const unknown = aMatch({ severity: 'Unknown', fix: { versions: [], state: 'wont-fix' } });
  const [found] = await findingsIn(aReport([unknown]));

  assert.deepEqual([found?.level, found?.message], ['medium', 'ReDoS; wont-fix']);
});

test('what rules or VEX have Grype ignore is suppressed, and a distribution at its end is told', async () => {
  const alerts = [{ type: 'distro-eol', message: 'Package is from end-of-life distro' }];
  const more = {
    ignoredMatches: [{ ...aMatch(), appliedIgnoreRules: [{ 'vex-status': 'not_affected' }] }],
    alertsByPackage: [{ package: { name: 'bash', version: '5.0', locations: null }, alerts }],
  };

  assert.deepEqual(
    (await findingsIn(aReport([], more))).map(({ rule, level, isSuppressed, places }) => [
      ...[rule, level, isSuppressed, ...places.map(({ text }) => text)],
    ]),
    [
      ['CVE-2020-28500', 'low', true, 'lodash 4.17.15 in /package-lock.json'],
      ['distro-eol', 'low', false, 'bash 5.0'],
    ],
  );
});

test('its database has a date, which older versions write elsewhere, and goes stale', async () => {
  const old = withDatabase({ built: '2026-11-28T05:30:00Z', schemaVersion: 5, error: null });

  for (const text of [aReport(), old]) {
    assert.equal(await outcomeOf(text, '2026-11-30T05:30:00Z'), 'PASS');
    assert.equal(await outcomeOf(text, '2026-11-30T05:30:01Z'), 'STALE');
  }
});

test('how old its database may be is asked for unless another age is', () => {
  const databaseAge = (given: object): unknown => grypeReport.config.parse(given).databaseAge;

  assert.equal(databaseAge({}), 172_800_000);
  assert.equal(databaseAge({ databaseAge: '5d' }), 432_000_000);
  assert.throws(() => databaseAge({ databaseAge: '25d' }));
});
