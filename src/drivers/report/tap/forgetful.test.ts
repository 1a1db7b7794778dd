import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parser } from 'tap-parser';
import { forgetful } from './forgetful.ts';

test('nothing of a test is remembered but its number, nor of one within another', () => {
  const parser = new Parser();
  forgetful(parser);
  const all = [parser];
  parser.on('child', (child: Parser) => all.push(child));
  const points = 'not ok 1 - a\n# said\nok 2 - b # skip\nok 3 - c # todo\n';
  parser.end(
    `# Subtest: d\n${points.replaceAll(/^/gm, '    ').trimEnd()}\n    1..3\n${points}1..3\n`,
  );

  assert.equal(all.length, 2);
  for (const { failures, skips, todos, comments, pointsSeen, count, fail } of all) {
    assert.deepEqual([failures, skips, todos, comments], [[], [], [], []]);
    assert.deepEqual([...pointsSeen.keys()], [1, 2, 3]);
    assert.deepEqual([...new Set([...pointsSeen.values()].map(({ name }) => name))], ['']);
    assert.deepEqual([count, fail], [3, 1]);
  }
});
