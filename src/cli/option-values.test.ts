import assert from 'node:assert/strict';
import test from 'node:test';
import { deploymentId } from './deployment-id.ts';
import { durationOption } from './duration-option.ts';
import { releaseVersion } from './release-version.ts';
import { numberOption } from './number-option.ts';

test('versions are what can be a part of a path and of a name', () => {
  for (const version of ['1', '2.0', 'v1.2.3-rc.1+build', '_x', 'a'.repeat(128)]) {
    assert.equal(releaseVersion(version), version);
  }
  for (const version of ['', '.', '..', '-1', 'a/b', 'a b', 'a\u0000', 'a'.repeat(129)]) {
    assert.throws(() => releaseVersion(version), /is not a version/);
  }
  assert.throws(() => releaseVersion(undefined), /--release/);
});

test('a deployment may be named with and without its letter', () => {
  assert.equal(deploymentId('7'), 'd7');
  assert.equal(deploymentId('d7'), 'd7');
  for (const id of ['', 'd', 'd0', '07', 'D7', '7 ', '../7', '1'.repeat(10)]) {
    assert.throws(() => deploymentId(id), /is not a deployment/);
  }
});

test('numbers and durations are refused with the option that they were given to', () => {
  assert.equal(numberOption('--limit', '20', 1, 100), 20);
  assert.equal(durationOption('--timeout', '1.5s'), 1_500);
  assert.throws(() => numberOption('--limit', '1e1', 1, 100), /--limit "1e1"/);
  assert.throws(() => numberOption('--limit', '101', 1, 100), /from 1 to 100/);
  assert.throws(() => durationOption('--timeout', '10 minutes'), /--timeout "10 minutes"/);
});
