import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logless } from './logless.ts';

test('only what has a log can have it kept', () => {
  const log = { within: '5m' };
  const backups = {
    database: { driver: 'pg-base', log },
    media: { driver: 'files', log },
    dump: { driver: 'pg-dump' },
  };

  const found = logless({ services: { web: { backups } } }, ['services', 'web']);

  assert.deepEqual(
    found.map(({ path }) => path.join('.')),
    ['services.web.backups.media.log'],
  );
  assert.match(found[0]?.message ?? '', /files has no log .* pg-base has/);
});
