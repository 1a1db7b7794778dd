import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../../test/support/fails-with.ts';
import { keepReport } from './keep-report.ts';
import { rawReport } from './raw-report.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';

function aReport(t: TestContext, text: string) {
  const folder = temporaryFolder(t);
  const path = join(folder, 'raw');
  writeFileSync(path, text);
  return { folder, path, kept: join(folder, 'report') };
}

test('a report is kept without secrets, and says so; nothing of it is left elsewhere', async (t) => {
  const { path, kept } = aReport(t, '{"key":"hunter2"}');

  const { bytes, isMasked } = await keepReport({ path }, kept, ['hunter2']);

  assert.deepEqual([bytes, isMasked, existsSync(path)], [18, true, false]);
  assert.equal(readFileSync(kept, 'utf8'), '{"key":"[secret]"}');
});

test('one without secrets is kept as it is', async (t) => {
  const { path, kept } = aReport(t, '{}');

  assert.equal((await keepReport({ path }, kept, ['hunter2'])).isMasked, undefined);
  assert.equal(readFileSync(kept, 'utf8'), '{}');
});

test('what is no file is no report: a folder, a link, a pipe', async (t) => {
  const { folder, path } = aReport(t, '{}');
  symlinkSync('/dev/zero', join(folder, 'link'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);

  assert.deepEqual(await rawReport(path), { path, bytes: 2 });
  assert.equal(await rawReport(join(folder, 'missing')), null);
  for (const wrong of [folder, join(folder, 'link'), join(folder, 'pipe')]) {
    await assert.rejects(rawReport(wrong), failsWith('report-invalid', /is no file/));
  }
});

test('a report that is too large is refused with its size, and not kept', async (t) => {
  const { path } = aReport(t, 'x'.repeat(2048));

  await assert.rejects(
    rawReport(path, 1024),
    failsWith('report-invalid', /had 2\S* KiB, and a report may have 1\S* KiB.* report less/),
  );
  assert.ok(!existsSync(path));
});
