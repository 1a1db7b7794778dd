import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { stateDirectoryUnderTest } from './edge-under-test.ts';

test('a state directory is there until what runs in it has ended, and then removed', async (t) => {
  let root = '';
  let wasThere = false;

  await t.test('that uses one', async (user) => {
    const directory = await stateDirectoryUnderTest(user, async () => {
      await Promise.resolve();
      wasThere = existsSync(root);
    });
    root = directory.root;
  });

  assert.equal(wasThere, true);
  assert.equal(existsSync(root), false);
});
