import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criterionSchema } from './criterion-schema.ts';
import { atMost, enough, excused, suppressed, told, type Criterion } from './criterion.ts';

test('a criterion is read from its record as it was written, and nothing else is', () => {
  const criteria: readonly Criterion[] = [
    ...[atMost('findings', 3, 0), enough('tests', 0, 1), told('controls', '3')],
    ...[excused('waived by ops', 2), suppressed('of high', 1, 'not asked')],
  ];

  for (const criterion of criteria) {
    assert.deepEqual(criterionSchema.parse(JSON.parse(JSON.stringify(criterion))), criterion);
  }
  const other = { ...told('controls', '3'), kind: 'of another version' };
  assert.equal(criterionSchema.safeParse(other).success, false);
});
