import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createEncryptedServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { selfSigned } from '../../../../test/support/self-signed-certificate.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { securityHeaders } from './security-headers.ts';

async function at(t: TestContext, server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return aPlace({ directory: stateDirectoryAt('/nowhere') }, { host: '127.0.0.1', port });
}

const answering =
  (status: number, headers: Readonly<Record<string, string>>): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end('x');

const GOOD = {
  'content-type': 'text/html',
  'content-security-policy': "frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

test('a page is held against the headers that it needs, also where it leads elsewhere', async (t) => {
  const good = await at(t, createServer(answering(302, GOOD)));
  const bad = await at(t, createServer(answering(200, { 'content-type': 'text/html' })));

  assert.equal((await securityHeaders(good)).state, 'holds');
  const { state, observed } = await securityHeaders(bad);
  assert.equal(state, 'broken');
  assert.match(observed, /^GET \/ at .*, status 200: without x-content-type-options: nosniff, /);
});

test('over TLS it is held against more', async (t) => {
  const now = Date.now();
  const certificate = selfSigned({ from: new Date(now - 1_000), to: new Date(now + 1_000_000) });
  const place = await at(t, createEncryptedServer(certificate, answering(200, GOOD)));

  const { state, observed } = await securityHeaders(place);

  assert.deepEqual(
    [state, /without (.*)$/.exec(observed)?.[1]],
    [...['broken', 'strict-transport-security']],
  );
});

test('what fails, or does not answer, shows nothing of its pages', async (t) => {
  const failing = await at(t, createServer(answering(503, GOOD)));
  const gone = createServer();
  const silent = await at(t, gone);
  gone.close();

  for (const place of [failing, silent]) {
    assert.equal((await securityHeaders(place)).state, 'unknown');
  }
});
