/** The newsroom as it is deployed: built releases, started as processes, on a real PostgreSQL. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { accessChecks } from './checks/access-checks.ts';
import { contentChecks } from './checks/content-checks.ts';
import { databaseChecks } from './checks/database-checks.ts';
import { liveChecks } from './checks/live-checks.ts';
import { mediaChecks } from './checks/media-checks.ts';
import { releaseChecks } from './checks/release-checks.ts';
import { stopChecks } from './checks/stop-checks.ts';
import { startTestDatabase } from './test-database.ts';
import { startTestRelease } from './test-release.ts';

test('the newsroom does what a CMS should, and its bad releases have one bug each', async (t) => {
  const releases = await mkdtemp(join(tmpdir(), 'nr-'));
  t.after(() => rm(releases, { recursive: true, force: true }));
  const script = join(import.meta.dirname, 'build-releases.mjs');
  await promisify(execFile)(process.execPath, [script, '--out', releases]);
  const database = await startTestDatabase();
  t.after(() => database.stop());

  const latest = await startTestRelease(join(releases, '4.0'), database.url);
  try {
    const checks = { ...contentChecks, ...accessChecks, ...mediaChecks, ...liveChecks };
    for (const [title, check] of Object.entries(checks)) await t.test(title, () => check(latest));
  } finally {
    await latest.stop();
  }
  for (const [title, check] of Object.entries({
    ...releaseChecks,
    ...databaseChecks,
    ...stopChecks,
  })) {
    await t.test(title, () => check({ releases, databaseUrl: database.url }));
  }
});
