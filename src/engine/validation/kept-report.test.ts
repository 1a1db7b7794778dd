import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { OperationalError } from '../../core/operational-error.ts';
import { keptReport } from './kept-report.ts';

function aReport(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'report');
  writeFileSync(path, text);
  return path;
}

test('a report is kept without secrets, and what is none is nothing', async (t) => {
  const path = aReport(t, '{"key":"hunter2"}');

  assert.equal((await keptReport(path, ['hunter2']))?.bytes, 18);
  assert.equal(readFileSync(path, 'utf8'), '{"key":"[secret]"}');
  assert.equal(await keptReport(join(path, '..', 'missing'), []), null);
  assert.equal(await keptReport(join(path, '..'), []), null);
});

test('a report that is too large is refused with its place, and not kept', async (t) => {
  const path = aReport(t, 'x'.repeat(2048));

  await assert.rejects(keptReport(path, [], 1024), (error) => {
    assert.ok(error instanceof OperationalError);
    assert.equal(error.failure.code, 'report-invalid');
    assert.match(
      error.message,
      /report had 2\S* KiB, and a report may have 1\S* KiB.* report less/,
    );
    return true;
  });
  assert.ok(!existsSync(path));
});
