import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operationalError } from '../core/operational-error.ts';
import { createLog } from './log.ts';
import { packageVersion } from './package-version.ts';

test('a line has time, level, message and fields, with failures as data', () => {
  const lines: string[] = [];
  const log = createLog({
    fields: { role: 'edge' },
    write: (line) => void lines.push(line),
    clock: { wallMs: () => 0 },
  });

  log.error('A verb failed.', { error: operationalError('not-found', 'No pool.'), ns: 5n });

  assert.equal(lines.length, 1);
  assert.ok(lines[0]?.endsWith('\n'));
  assert.deepEqual(JSON.parse(lines[0] ?? ''), {
    at: '1970-01-01T00:00:00.000Z',
    level: 'error',
    message: 'A verb failed.',
    role: 'edge',
    error: { code: 'not-found', message: 'No pool.', recovery: 'operator', effect: 'none' },
    ns: '5',
  });
});

test('the version is that of the package', () => {
  assert.match(packageVersion(), /^\d+\.\d+\.\d+/);
});
