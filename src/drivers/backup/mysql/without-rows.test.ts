import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutRows } from './without-rows.ts';

test('neither the statement that fails nor the place in it is repeated', () => {
  const words = [
    "(1000,'a secret of somebody')",
    '--------------',
    '',
    "ERROR 1064 (42000) at line 39: You have an error in your SQL syntax to use near '`orders` VALUES",
    "(1,'order 1' at line 1",
  ].join('\n');

  assert.equal(
    withoutRows(words),
    'ERROR 1064 (42000) at line 39: You have an error in your SQL syntax to use',
  );
  assert.equal(
    withoutRows("ERROR at line 39: Unknown command '\\!'."),
    "ERROR at line 39: Unknown command '\\!'",
  );
  assert.equal(withoutRows("VALUES ('a secret')"), 'it says nothing');
});
