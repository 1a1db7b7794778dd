import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { missingGrants } from './mariadb-grants.ts';

const ROUTINES = 'GRANT SELECT ON `mysql`.`proc` TO `r`@`%`';
const RELOAD = "GRANT RELOAD ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*B6'";
const on = (pattern: string): string =>
  `GRANT SELECT, SHOW VIEW, EVENT, TRIGGER ON \`${pattern}\`.* TO \`r\`@\`%\``;

test('who has all privileges misses none', () => {
  const lines = ['GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION'];

  assert.deepEqual(missingGrants(lines, 'shop'), []);
});

test('whatever is missing is said as it is granted', () => {
  const lines = ['GRANT USAGE ON *.* TO `r`@`%`', 'GRANT SELECT, INSERT ON `shop`.* TO `r`@`%`'];

  assert.deepEqual(missingGrants(lines, 'shop'), [
    'SHOW VIEW, TRIGGER, EVENT ON `shop`.*',
    'SELECT ON mysql.proc',
    'RELOAD ON *.*',
  ]);
});

test('rights to one table are none to all of them', () => {
  const lines = [
    'GRANT SELECT, SHOW VIEW, TRIGGER ON `shop`.`orders` TO `r`@`%`',
    ROUTINES,
    RELOAD,
  ];

  assert.equal(missingGrants(lines, 'shop').length, 1);
});

test('the name of a grant is a pattern, whose marks may be meant as they are', () => {
  const isEnough = (pattern: string, database: string): boolean =>
    missingGrants([on(pattern), ROUTINES, RELOAD], database).length === 0;

  assert.ok(isEnough('a\\_b', 'a_b'));
  assert.ok(!isEnough('a\\_b', 'axb'));
  assert.ok(isEnough('a_b', 'axb'));
  assert.ok(isEnough('sh%', 'shop'));
  assert.ok(!isEnough('sh\\%', 'shop'));
  assert.ok(isEnough('odd``. (name', 'odd`. (name'));
  assert.ok(!isEnough('shop', 'shop2'));
});

test('a grant on one database is never taken for one on another', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(name, name, (granted, database) => {
      const escaped = granted.replaceAll(/[\\%_]/g, '\\$&').replaceAll('`', '``');
      const missing = missingGrants([on(escaped), ROUTINES, RELOAD], database);
      assert.equal(missing.length === 0, granted === database);
    }),
  );
});
