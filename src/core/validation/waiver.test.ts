import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWaiver } from '../../../test/support/validation/a-waiver.ts';
import { placesAt } from '../../../test/support/validation/places-at.ts';
import type { Finding } from './fact.ts';
import { namedPlace } from './found-place.ts';
import { packagePlaces } from './package-places.ts';
import { excusedByWaivers, waiversMeaning, type Excuse, type Waiver } from './waiver.ts';

const DAY_MS = 86_400_000;

const finding: Finding = {
  ...{ rule: 'GHSA-1', aliases: ['CVE-1'], level: 'high', message: 'pollutes prototypes' },
  ...{ places: packagePlaces({ name: 'lodash', version: '4.17.15' }, []), isSuppressed: false },
};

function excuseOf(found: Finding, waivers: readonly Waiver[], nowMs = 0): Excuse | null {
  return excusedByWaivers(waiversMeaning(waivers, 'audit', found), nowMs, found);
}

function excuse(waivers: readonly Waiver[], nowMs = 0): Excuse | null {
  return excuseOf(finding, waivers, nowMs);
}

test('a waiver means a finding by any of its names, its place, its message and its check', () => {
  const meant: readonly Partial<Waiver>[] = [
    ...[{}, { finding: 'GHSA-1' }, { place: 'lodash' }, { message: 'prototypes' }],
    { check: 'audit' },
  ];
  const others: readonly Partial<Waiver>[] = [
    ...[{ finding: 'GHSA' }, { finding: 'CVE' }, { finding: '' }],
    ...[{ place: 'lodas' }, { place: 'lodash 4.17.1' }],
    ...[{ finding: 'CVE-10' }, { place: 'lodash 4.17.2' }, { message: 'redos' }],
    ...[{ check: 'retire' }, { finding: 'cve-1' }],
  ];

  for (const changes of meant) {
    assert.deepEqual(excuse([aWaiver(changes)]), {
      ...{ isValid: true, why: 'waived by ann until 1970-01-02: not called' },
    });
  }
  for (const changes of others) assert.equal(excuse([aWaiver(changes)]), null);
});

test('a folder means all that is below it, and nothing beside it', () => {
  const excused = (place: string): boolean =>
    excuseOf({ ...finding, places: placesAt(place) }, [aWaiver({ place: 'src/gen/' })]) !== null;

  assert.ok(excused('src/gen/a/b.ts:1') && excused('./src/gen/c.ts'));
  assert.ok(!excused('src/gen/../real.ts') && !excused('./src/gen/a/../../real.ts:3'));
  assert.ok(!excused('src/general.ts') && !excused('lib/src/gen/a.ts') && !excused('src/gen'));
});

test('a finding without a place is none of a waiver for one', () => {
  const nowhere = { ...finding, places: [] };
  const waivers = [aWaiver({ place: 'lodash' })];

  assert.equal(excuseOf(nowhere, waivers), null);
});

test('it counts to the end of its last moment, and then as none, which is told', () => {
  assert.equal(excuse([aWaiver()], DAY_MS)?.isValid, true);
  assert.deepEqual(excuse([aWaiver()], DAY_MS + 1), {
    ...{ isValid: false, why: 'waiver of CVE-1 by ann, expired on 1970-01-02' },
  });
});

test('of several the one that still counts is meant, wherever it stands', () => {
  const old = aWaiver({ owner: 'bob', untilMs: 0 });

  for (const waivers of [
    [old, aWaiver()],
    [aWaiver(), old],
  ]) {
    assert.match(excuse(waivers, 1)?.why ?? '', /waived by ann/);
  }
});

test('of a finding at several places each must be waived, by the same waiver or by several', () => {
  const files = ['node_modules/lodash', 'packages/web/node_modules/lodash'];
  const places = packagePlaces({ name: 'lodash', version: null }, files);
  const excused = (...waivers: readonly Waiver[]) => excuseOf({ ...finding, places }, waivers, 1);
  const here = aWaiver({ place: 'node_modules/lodash' });
  const there = aWaiver({ place: 'packages/web/', owner: 'bob' });
  const why = 'waiver of CVE-1 by ann, not for all of its places';

  assert.deepEqual(excused(here), { isValid: false, why });
  assert.deepEqual(excused(here, { ...here, place: 'packages/web/node_modules/other' }), {
    ...{ isValid: false, why },
  });
  assert.equal(excused(aWaiver({ place: 'other' })), null);
  for (const waiver of [aWaiver(), aWaiver({ place: 'lodash' })]) {
    assert.equal(excused(waiver)?.isValid, true);
  }
  assert.deepEqual(excused(here, there), {
    isValid: true,
    why: 'waived by ann until 1970-01-02: not called; waived by bob until 1970-01-02: not called',
  });
  assert.deepEqual(excused(here, { ...there, untilMs: 0 }), {
    ...{ isValid: false, why: 'waiver of CVE-1 by bob, expired on 1970-01-02' },
  });
});

test('a waiver of a place is none for a place that its tool does not name', () => {
  const unnamed = { ...finding, places: placesAt('lodash', '') };
  const excused = (place: string | null) => excuseOf(unnamed, [aWaiver({ place })])?.isValid;

  assert.deepEqual([excused(null), excused('lodash')], [true, false]);
});

test('no waiver of a place means another that its name stands in', () => {
  const excused = (found: string, place: string) =>
    excuseOf({ ...finding, places: placesAt(found) }, [aWaiver({ place })]) !== null;
  const around = [',v', ' b.js', '#b.js', ']x', '"', ' in b.js'].map((behind) => `a.js${behind}`);

  for (const found of [...around, ...['b a.js', 'x,a.js', '"a.js', 'a.js/../b.js']]) {
    assert.ok(!excused(found, 'a.js'), found);
  }
  const page = (path: string, place: string) =>
    excuseOf(
      { ...finding, places: [{ ...namedPlace(`GET ${path} x,/b`, `GET ${path}`), paths: [path] }] },
      [aWaiver({ place })],
    ) !== null;
  assert.deepEqual(
    [page('/', 'GET /'), page('/b', 'GET /'), page('/b/c', 'GET /b/'), page('/a?x=1', '/b')],
    [true, false, false, false],
  );
  assert.deepEqual([page('/b/c', '/b/'), page('/b/..%2fa', '/b/')], [true, false]);
  assert.ok(!excused('src/my legacy/a.js', 'legacy/'));
  assert.ok(excused('a.js:3', 'a.js') && excused('src/my legacy/a.js', 'src/my legacy/'));
});
