import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criterionSentence } from './criterion-sentence.ts';

const sentences: Readonly<Record<string, readonly [string, string, string]>> = {
  'answers a second: 16.5, where at least 40 is needed': [
    ...(['answers a second', '16.5', 'at least 40'] as const),
  ],
  'shop_stock: 0.5, where at least 1, at most 9 is needed': [
    ...(['shop_stock', '0.5', 'at least 1, at most 9'] as const),
  ],
  'findings: 2, where none is allowed': ['findings', '2', 'none'],
  'latency, p95: 3 s, where at most 1 s is allowed': ['latency, p95', '3 s', 'at most 1 s'],
  'the target was alive before and after: after: it refused (expected: alive both times, the same process, not restarted)':
    [
      ...(['the target was alive before and after', 'after: it refused.'] as const),
      'alive both times, the same process, not restarted',
    ],
  'oldest backup: none at all (expected: 1 backup)': [
    ...(['oldest backup', 'none at all', '1 backup'] as const),
  ],
};

for (const [sentence, [what, observed, limit]] of Object.entries(sentences)) {
  test(`one reads: ${sentence}`, () => {
    assert.equal(criterionSentence({ what, observed, limit }), sentence);
  });
}
