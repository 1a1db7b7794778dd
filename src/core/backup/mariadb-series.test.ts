import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { mariadbSeries } from './mariadb-series.ts';

test('a series is the first two numbers of a version', () => {
  assert.equal(mariadbSeries('10.11.19-MariaDB-0+deb12u1'), '10.11');
  assert.equal(mariadbSeries('10.6.0-MariaDB'), '10.6');
  assert.equal(mariadbSeries('12.0.2-MariaDB-log'), '12.0');
  assert.equal(mariadbSeries('10.6.17-13-MariaDB-enterprise-log'), '10.6');
});

test('what is too old, or no MariaDB, is refused by name', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ['10.5.29-MariaDB', /10\.6 is the oldest/],
    ['5.5.68-MariaDB', /10\.6 is the oldest/],
    ['8.0.36', /It is MySQL 8\.0\.36/],
    ['8.4.2-ubuntu', /It is MySQL/],
  ];
  for (const [version, says] of refused) {
    assert.throws(() => mariadbSeries(version), failsWith('backup-unverifiable', says));
  }
});
