import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replacedParts } from './replaced-parts.ts';

const part = (name: string, size: number, hash = 'h') => ({ name, size, hash });

test('what differs is told with both sizes, and what is the same is counted', () => {
  const view = { ...part('definition of v', 3), isDefinition: true } as const;
  const live = [part('same', 1), part('more', 5), part('other', 2, 'x'), part('new', 1), view];
  const taken = [part('same', 1), part('more', 4), part('other', 2), part('gone', 7)];

  assert.deepEqual(replacedParts(live, taken), {
    parts: [
      { name: 'gone', now: null, inBackup: 7 },
      { name: 'more', now: 5, inBackup: 4 },
      { name: 'new', now: 1, inBackup: null },
      { name: 'other', now: 2, inBackup: 2 },
    ],
    ...{ same: 1, definitions: 1 },
  });
});
