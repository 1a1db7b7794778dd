import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignedStatement } from '../fact.ts';
import { newTally } from '../tally.ts';
import { signedCriteria, type CheckedRelease } from './signed-criteria.ts';

const NOW_MS = Date.parse('2026-11-28');
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;

const statement: SignedStatement = {
  ...{ system: 'press', service: 'web', versions: ['3.9', '4.0'], artifact: null },
  ...{ madeAtMs: NOW_MS, isPassed: true, signer: 'ada' },
};
const web: CheckedRelease = { system: 'press', service: 'web', version: '4.0', artifact: DIGEST };

/** What was not met, and what was asked there. */
function openOf(
  changes: Partial<SignedStatement>,
  about: CheckedRelease | null,
): readonly string[] {
  const criteria = signedCriteria(
    { subject: 'signed', ageMaxMs: 1 },
    { ...newTally(), statements: [{ ...statement, ...changes }] },
    { about, nowMs: NOW_MS },
  );
  return criteria
    .filter(({ state }) => state !== 'met')
    .map(({ what, limit, state }) => `${what}: ${limit} (${state})`);
}

test('a statement is about a version of a service of a system', () => {
  assert.deepEqual(openOf({}, web), []);
  const meant = 'what it is about: web 4.0 of the system press (unknown)';
  assert.deepEqual(openOf({ system: 'shop' }, web), [meant]);
  assert.deepEqual(openOf({ service: 'api' }, web), [meant]);
  assert.deepEqual(openOf({ versions: ['4.0.1'] }, web), [meant]);
  const unknown = ['what it is about: a release whose version is known (unknown)'];
  assert.deepEqual(openOf({}, { ...web, version: null }), unknown);
  assert.deepEqual(openOf({}, null), unknown);
});

test('one that names an artifact is about that alone', () => {
  assert.deepEqual(openOf({ artifact: DIGEST }, web), []);
  const ofAnother = [`the artifact it is about: ${DIGEST} (unknown)`];
  assert.deepEqual(openOf({ artifact: OTHER }, web), ofAnother);
  assert.deepEqual(openOf({ artifact: DIGEST }, { ...web, artifact: null }), [
    'the artifact it is about: an artifact whose digest is known (unknown)',
  ]);
});
