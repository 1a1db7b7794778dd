import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type TestContext } from 'node:test';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const env = { PATH: dirname(process.execPath) };

const SERVER = `
  const db = new (require('node:sqlite').DatabaseSync)(process.env.DB);
  const titles = () => db.prepare('SELECT title FROM story').all().map(({ title }) => title).join();
  require('node:http').createServer((_, response) => response.end(titles())).listen(process.env.PORT);
`;

const ASKS = `
  fetch(process.env.AT).then((answer) => answer.text()).then((text) => {
    if (text !== 'kept') throw new Error(text);
    console.log('<testsuite name="e2e" tests="1"><testcase name="' + text + '"/></testsuite>');
  });
`;

function aProjectWithBackup(t: TestContext): string {
  const folder = aProject(t, { config: '' });
  const path = join(folder, 'live.sqlite');
  const config = `version: 1
system: newsroom
environments: { production: {} }
services:
  newsroom:
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, server.js], env: { DB: /of-what-runs } }
    balancer: { driver: edge, listen: '127.0.0.1:0' }
    probes: [{ name: open, driver: tcp }]
    backups: { stories: { driver: sqlite, path: '${path}' } }
    validation:
      preview: { database: { backup: stories, variable: DB } }
      checks:
        e2e:
          row: V7
          run: [node, -e, ${JSON.stringify(ASKS)}]
          env: { AT: '{preview.url}/' }
          preview: true
          report: { driver: junit }
`;
  writeFileSync(join(folder, 'surefoot.yaml'), config);
  writeFileSync(join(folder, 'releases', '2.0', 'server.js'), SERVER);
  const live = new DatabaseSync(path);
  live.exec("CREATE TABLE story (title TEXT); INSERT INTO story VALUES ('kept')");
  live.close();
  return folder;
}

test('check restores the backup that a preview names, and says how to take one where none is', async (t) => {
  const cwd = aProjectWithBackup(t);

  const without = await runCommand(['check', '--release', '2.0'], { cwd, env });
  const taken = await runCommand(['backup', 'take'], { cwd, env });
  const checked = await runCommand(['check', '--release', '2.0'], { cwd, env });

  assert.equal(without.code, 3, without.out + without.err);
  assert.match(without.out, /no verified backup of production\/newsroom\/stories to restore/);
  assert.match(without.out, /npx surefoot backup take stories/);
  assert.equal(taken.code, 0, taken.out + taken.err);
  assert.equal(checked.code, 0, checked.out + checked.err);
  assert.match(checked.out, /^e2e +V7 +PASS /m);
});
