import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { aPlan } from '../support/plan-builder.ts';
import { aPlannedDatabase, plannedMigrations } from '../support/planned-database.ts';
import { aStatus } from './deployment-builder.ts';
import { json, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const declared = (path: string): string => `    backups:
      database: { driver: pg-dump, url: 'postgresql:///nowhere' }
    database:
      url: 'postgresql:///nowhere'
      migrations: { driver: sql, path: '${path}' }
`;

/** Its path, with a folder of migrations of these files. */
function aMigratedProject(t: TestContext, files: readonly string[], path = 'migrations'): string {
  const cwd = aProject(t);
  mkdirSync(join(cwd, 'migrations'));
  for (const name of files) writeFileSync(join(cwd, 'migrations', name), 'SELECT 1;');
  appendFileSync(join(cwd, 'surefoot.yaml'), declared(path));
  return cwd;
}

async function warningsOf(cwd: string): Promise<readonly string[]> {
  const { code, out } = await runCommand(['validate', '--json'], { cwd });
  assert.equal(code, 0, out);
  return (JSON.parse(out) as { warnings: string[] }).warnings;
}

test('whoever validates is warned of migrations that nobody would apply', async (t) => {
  const [empty, none, some, missing] = [
    aMigratedProject(t, []),
    aMigratedProject(t, ['1.SQL']),
    aMigratedProject(t, ['1.sql', '2.sqll']),
    aMigratedProject(t, ['1.sql'], 'migration'),
  ];

  assert.match((await warningsOf(empty)).join(), /^newsroom: .*migrations holds none: /);
  assert.match((await warningsOf(none)).join(), /none that the driver sql takes, but "1\.SQL"/);
  assert.match((await warningsOf(some)).join(), /passes over "2\.sqll"/);
  assert.match((await warningsOf(missing)).join(), /The folder of migrations cannot be read/);

  const { code, err, out } = await runCommand(['validate'], { cwd: none });
  assert.equal(code, 0);
  assert.match(err, /^! newsroom: the folder of migrations/);
  assert.match(out, /^Valid: /);
});

test('nothing is said of a good folder, nor of one that only a version names', async (t) => {
  assert.deepEqual(await warningsOf(aMigratedProject(t, ['1.sql'])), []);
  assert.deepEqual(await warningsOf(aMigratedProject(t, [], 'releases/{version}/sql')), []);
});

test('a plan warns of the folder that its release brings', async (t) => {
  const cwd = aMigratedProject(t, ['1.SQL']);
  const migrations = plannedMigrations({
    ...{ folder: join(cwd, 'migrations'), shipped: [], now: [] },
  });
  const plan = aPlan({ database: aPlannedDatabase({ migrations }) });
  await startFakeServer(t, cwd, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json({ plan, digest: 'sha256:1', refusal: null }),
  });
  const run = (...more: readonly string[]) =>
    runCommand(['plan', '--release', '2.0', ...more], { cwd });

  const [said, asJson] = [await run(), await run('--json')];

  assert.equal(said.code, 0, said.err);
  assert.match(said.err, /^! web: .*takes, but "1\.SQL"/);
  const { warnings } = JSON.parse(asJson.out) as { warnings: string[] };
  assert.equal(warnings.length, 1);
});
