import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBadInputs } from '../../test/support/config/bad-input-table.ts';
import { configText } from '../../test/support/config/config-text.ts';
import { loadText } from '../../test/support/config/load-text.ts';

test('clients stay by a cookie of its own name, or one that the file gives it', async () => {
  const assignmentOf = async (written: string) => {
    const loaded = await loadText(configText(['lease: 10s', `assignment: ${written}`]));
    assert.ok(loaded.ok);
    return loaded.config.services['newsroom']?.rollout.assignment;
  };

  assert.deepEqual(await assignmentOf('{ by: cookie }'), { by: 'cookie', name: 'surefoot' });
  assert.deepEqual(await assignmentOf('{ by: cookie, name: a }'), { by: 'cookie', name: 'a' });
  assert.deepEqual(await assignmentOf('{ by: header, name: a }'), { by: 'header', name: 'a' });
});

test('safe requests come first, a quarter of the least, unless the file says how many', async () => {
  const safeFirstOf = async (written: string) => {
    const loaded = await loadText(configText(['lease: 10s', written]));
    assert.ok(loaded.ok);
    return loaded.config.services['newsroom']?.rollout.safeFirst;
  };

  assert.equal(await safeFirstOf('lease: 10s'), 25);
  assert.equal(await safeFirstOf('safeFirst: 0'), 0);
  assert.equal(await safeFirstOf('safeFirst: 7'), 7);
});

test('late requests are left alone, unless the file says how many of them are hedged', async () => {
  const hedgeOf = async (written: string) => {
    const loaded = await loadText(configText(['lease: 10s', written]));
    assert.ok(loaded.ok);
    return loaded.config.services['newsroom']?.rollout.hedge;
  };

  assert.equal(await hedgeOf('lease: 10s'), 0);
  assert.equal(await hedgeOf('hedge: 5'), 5);
});

testBadInputs([
  {
    title: 'fewer safe requests than none',
    text: configText(['lease: 10s', 'safeFirst: -1']),
    says: [/^:29:18: safeFirst: must be at least 0, not -1$/],
  },
  {
    title: 'more hedges than there are requests',
    text: configText(['lease: 10s', 'hedge: 101']),
    says: [/^:29:14: hedge: must be at most 100, not 101$/],
  },
  {
    title: 'a header that clients stay by, without its name',
    text: configText(['lease: 10s', 'assignment: { by: header }']),
    says: [/^:29:7: the key "name" is missing in assignment: the header that names a client$/],
  },
  {
    title: 'a name of nothing that clients stay by',
    text: configText(['lease: 10s', 'assignment: { name: sid }']),
    says: [/^:29:27: name: has no meaning while by is random$/],
  },
  {
    title: 'a cookie that browsers refuse',
    text: configText(['lease: 10s', 'assignment: { by: cookie, name: __Host-sid }']),
    says: [/^:29:39: name: begins with what browsers take over TLS alone; choose another name$/],
  },
  {
    title: 'a cookie with a name that is none',
    text: configText(['lease: 10s', 'assignment: { by: cookie, name: "a b" }']),
    says: [/^:29:39: name: "a b" is not the name of a header or cookie; use 1 to 64/],
  },
  {
    title: 'clients that stay by what there is not',
    text: configText(['lease: 10s', 'assignment: { by: address }']),
    says: [/^:29:25: by: must be one of random, cookie, header, not "address"$/],
  },
]);
