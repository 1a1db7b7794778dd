import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiUnderTest, problemOf } from '../../test/support/api/api-under-test.ts';
import { testPostgres } from '../../test/support/store/test-postgres.ts';

test('what a person has put in the place of what is live is in the audit log', async (t) => {
  const { post, under } = await apiUnderTest(t, await testPostgres(t));
  const said = { backup: 'media', id: 'b1', way: 'in', kept: '/srv/media-before-b1' } as const;
  const whole = { ...said, actor: 'eve', reason: 'restore', environment: 'x', service: 'web' };

  const wrong = await post('/v1/backups/switched', { ...whole, way: 'sideways' });
  const right = await post('/v1/backups/switched', whole);

  assert.deepEqual([wrong.status, problemOf(wrong).code], [400, 'request-invalid']);
  assert.equal(right.status, 201);
  const entries = await under.engine.store.readAudit({ after: 0, limit: 100 });
  const own = entries.filter(({ body }) => body.kind === 'BackupSwitched');
  assert.deepEqual(
    own.map(({ scope, deployment, actor, body }) => ({ scope, deployment, actor, body })),
    [
      {
        ...{ scope: 'x/web', deployment: null, actor: 'eve' },
        body: { kind: 'BackupSwitched', ...said, reason: 'restore' },
      },
    ],
  );
});
