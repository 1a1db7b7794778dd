import assert from 'node:assert/strict';
import { test } from 'node:test';
import { someFigures } from '../../../test/support/core/rehearsal-builder.ts';
import { distributionOf } from './distribution-of.ts';

test('a healthy release that nothing disturbs is wrongly stopped when it is reverted, and when it is held', () => {
  const outcomes = ['promoted', 'reverted', 'held'] as const;
  const undisturbed = outcomes.map((outcome) => someFigures({ outcome }));
  const excused = [
    someFigures({ outcome: 'reverted', mishaps: ['aborted'] }),
    someFigures({ outcome: 'reverted', conduct: 'bad' }),
  ];

  const { falseReverts } = distributionOf([...undisturbed, ...excused]);

  assert.deepEqual(falseReverts, { count: 2, of: 3 });
});
