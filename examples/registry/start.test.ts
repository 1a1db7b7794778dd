import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runRegistry } from './run-registry.ts';

// Stands in for npm's Verdaccio, which `npm test` must not download. `/held` is answered only after
// SIGTERM, and `/waiting` says whether such a request has arrived.
const verdaccioStandIn = `
const http = require('node:http');
exports.parseConfigFile = () => ({ auth: { htpasswd: {} }, packages: { '**': {} } });
exports.runServer = async (config) => {
  let waiting = 0;
  return http.createServer((request, response) => {
    response.setHeader('x-powered-by', config.user_agent);
    if (request.url === '/waiting') response.end(JSON.stringify({ waiting }));
    else if (request.url !== '/held') response.end(JSON.stringify(config));
    else {
      waiting += 1;
      process.once('SIGTERM', () => setTimeout(() => response.end('whole answer'), 50));
    }
  });
};
`;

async function aRelease(t: TestContext): Promise<{ releasePath: string; storagePath: string }> {
  const releasePath = await mkdtemp(join(tmpdir(), 'sf-reg-'));
  t.after(() => rm(releasePath, { recursive: true }));
  const modulePath = join(releasePath, 'node_modules', 'verdaccio');
  await mkdir(modulePath, { recursive: true });
  await writeFile(join(modulePath, 'index.js'), verdaccioStandIn);
  await writeFile(join(modulePath, 'package.json'), '{"name":"verdaccio","version":"6.0.7"}');
  await writeFile(join(releasePath, 'package.json'), '{"type":"module"}');
  await copyFile(join(import.meta.dirname, 'start.mjs'), join(releasePath, 'start.mjs'));
  return { releasePath, storagePath: join(releasePath, 'storage') };
}

test('a release tells the version that is installed, and keeps its storage where it is told', async (t) => {
  const release = await aRelease(t);
  const registry = await runRegistry({ ...release, publish: '$all' });
  t.after(registry.stop);

  const answer = await fetch(registry.url);

  assert.equal(answer.headers.get('x-powered-by'), 'verdaccio/6.0.7');
  assert.deepEqual(await answer.json(), {
    auth: { htpasswd: { file: join(release.storagePath, '.htpasswd') } },
    packages: { '**': { publish: '$all' } },
    storage: release.storagePath,
    user_agent: 'verdaccio/6.0.7',
  });
});

test('SIGTERM finishes the request in flight, closes its connection and exits with 0', async (t) => {
  const registry = await runRegistry(await aRelease(t));
  t.after(registry.stop);
  const held = fetch(`${registry.url}/held`);
  while ((await (await fetch(`${registry.url}/waiting`)).text()) !== '{"waiting":1}');

  const exitCode = await registry.stop();
  const answer = await held;

  assert.equal(exitCode, 0);
  assert.equal(await answer.text(), 'whole answer');
  assert.equal(answer.headers.get('connection'), 'close');
  await assert.rejects(fetch(registry.url));
});

test('a release that cannot start says so', async (t) => {
  const release = await aRelease(t);

  await assert.rejects(
    runRegistry({ ...release, storagePath: '' }),
    /ended before it listened.*REGISTRY_STORAGE is not set/s,
  );
});
