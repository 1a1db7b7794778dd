import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { findLaunchedProcesses } from '../../src/platform/launched-processes.ts';
import { until } from '../support/until.ts';
import { aProject } from './project-builder.ts';
import { runCommand, startCommand } from './run-command.ts';

const env = { PATH: dirname(process.execPath) };

const SERVER = `
  console.log('launch ' + process.env.SUREFOOT_LAUNCH + ' says ' + process.env.SAYS);
  require('node:http').createServer((_, response) => response.end('hello')).listen(process.env.PORT);
`;

const ASKS = `
  fetch(process.env.AT).then((answer) => answer.text()).then((text) => {
    console.log('<testsuite name="e2e" tests="1"><testcase name="' + text + '"/></testsuite>');
    setTimeout(() => {}, Number(process.argv[1]));
  });
`;

function aPreviewedProject(t: TestContext, { forMs }: { readonly forMs: number }): string {
  const folder = aProject(t, {
    config: `version: 1
system: newsroom
environments: { production: {} }
services:
  newsroom:
    release: { path: 'releases/{version}' }
    target: { driver: local, command: [node, server.js], env: { SAYS: '\${TOKEN}' } }
    balancer: { driver: edge, listen: '127.0.0.1:0' }
    probes: [{ name: open, driver: tcp }]
    validation:
      preview: {}
      checks:
        lint: { run: [node, -e, ''] }
        e2e:
          row: V7
          run: [node, -e, ${JSON.stringify(ASKS)}, '${forMs}']
          env: { AT: '{preview.url}/' }
          preview: true
          report: { driver: junit }
`,
  });
  writeFileSync(join(folder, 'releases', '2.0', 'server.js'), SERVER);
  return folder;
}

function previewLog(folder: string): string {
  const checks = join(folder, '.surefoot', 'checks');
  const [run = ''] = readdirSync(checks);
  return readFileSync(join(checks, run, 'preview', 'preview.log'), 'utf8');
}

async function leftOf(log: string): Promise<number> {
  const launch = /^launch (\S+) says/m.exec(log)?.[1] ?? '';
  assert.notEqual(launch, '');
  return (await findLaunchedProcesses(launch, null)).length;
}

test('check runs a preview of the release for those that need it, with a row of its own', async (t) => {
  const folder = aPreviewedProject(t, { forMs: 0 });

  const { code, out, err } = await runCommand(['check', '--release', '2.0'], {
    ...{ cwd: folder, env: { ...env, TOKEN: 'very secret' } },
  });

  assert.equal(code, 0, out + err);
  assert.match(out, /^preview +- +PASS +connected \(a connection within /m);
  assert.match(out, /^e2e +V7 +PASS /m);
  assert.match(err, /preview: PASS after/);
  assert.match(previewLog(folder), / says \[secret\]$/m);
  assert.equal(await leftOf(previewLog(folder)), 0);
});

test('what needs a preview says that it is why a release must be named', async (t) => {
  const folder = aPreviewedProject(t, { forMs: 0 });
  const path = join(folder, 'surefoot.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('validation:\n', 'validation:\n      source: .\n'));

  const { code, err } = await runCommand(['check'], {
    ...{ cwd: folder, env: { ...env, TOKEN: 'very secret' } },
  });

  assert.equal(code, 2);
  assert.match(
    err,
    /--release <version>\. The check e2e needs a preview, which is an instance of one \(releases\/\{version\}\)/,
  );
});

test('what needs no preview starts none', async (t) => {
  const folder = aPreviewedProject(t, { forMs: 0 });

  const { code, out } = await runCommand(['check', 'lint', '--release', '2.0'], {
    ...{ cwd: folder, env: { ...env, TOKEN: 'x' } },
  });

  assert.equal(code, 0, out);
  assert.doesNotMatch(out, /^preview/m);
});

test('interrupted, the preview ends with the checks', async (t) => {
  const folder = aPreviewedProject(t, { forMs: 60_000 });
  const running = startCommand(t, ['check', '--release', '2.0', '--verbose'], {
    ...{ cwd: folder, env: { ...env, TOKEN: 'x' } },
  });

  await until('it asks the preview', () => /e2e$/m.test(running.err()));
  running.interrupt();

  assert.equal(await running.code, 130);
  assert.match(running.out(), /^e2e +V7 +ERROR/m);
  assert.equal(await leftOf(previewLog(folder)), 0);
});
