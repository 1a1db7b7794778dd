import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excused } from '../../core/validation/criterion.ts';
import { nothingDone } from './check-result.ts';
import { maskResult } from './mask-result.ts';

test('what was said is masked, and neither what it means nor what it counts', () => {
  const criterion = excused('waived by excused', 1);
  const nothing = nothingDone({ name: 'PASS', run: ['met'] });
  const result = { ...nothing, outcome: 'PASS', because: 'PASS', criteria: [criterion] } as const;

  const masked = maskResult(result, ['PASS', 'excused', criterion.state]);

  assert.deepEqual(
    [masked.name, masked.outcome, masked.because, masked.command],
    ['PASS', 'PASS', '[secret]', ['[secret]']],
  );
  const [{ what, kind, state } = criterion] = masked.criteria;
  assert.deepEqual([what, kind, state], ['waived by [secret]', 'excused', criterion.state]);
});
