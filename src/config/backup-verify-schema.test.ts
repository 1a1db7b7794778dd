import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupVerifySchema } from './backup-verify-schema.ts';

test('a probe of restored data is told what was restored, by a word or in its environment', () => {
  const accepted = [
    { run: ['node', 'probe.mjs', '{address}'] },
    { run: ['npm', 'test'], env: { DATABASE_URL: '{address}' }, timeBox: '5m' },
  ];
  for (const written of accepted) assert.ok(backupVerifySchema.safeParse(written).success);

  const { error } = backupVerifySchema.safeParse({ run: ['npm', 'test'] });
  assert.match(error?.issues[0]?.message ?? '', /must be told with \{address\}/);
});

test('what can be no program, no variable or no time is refused', () => {
  const run = ['node', '{address}'];
  for (const written of [{ run: [] }, { run, env: { 'A B': '' } }, { run, timeBox: '2h' }, {}]) {
    assert.equal(backupVerifySchema.safeParse(written).success, false, JSON.stringify(written));
  }
});
