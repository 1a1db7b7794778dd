import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import {
  createServer,
  getCACertificates,
  setDefaultCACertificates,
  type TlsOptions,
} from 'node:tls';
import { aPlace } from '../../../../test/support/observed-place-builder.ts';
import { selfSigned } from '../../../../test/support/self-signed-certificate.ts';
import { stateDirectoryAt } from '../../../platform/state-directory.ts';
import { clientAes256Gcm, clientTls } from './client-tls.ts';

const DAY_MS = 86_400_000;
const certificate = selfSigned({
  from: new Date(Date.now() - DAY_MS),
  to: new Date(Date.now() + DAY_MS),
});

async function at(t: TestContext, server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return aPlace({ directory: stateDirectoryAt('/nowhere') }, { host: '127.0.0.1', port });
}

function tlsServer(options: TlsOptions = {}): Server {
  const server = createServer({ ...certificate, ...options });
  server.on('tlsClientError', () => undefined);
  return server;
}

function trust(t: TestContext, cert: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, cert]);
  t.after(() => setDefaultCACertificates(before));
}

test('an address that speaks TLS with a trusted certificate is believed', async (t) => {
  const place = await at(t, tlsServer());
  const distrusted = await clientTls(place);
  trust(t, certificate.cert);

  const trusted = await clientTls(place);

  assert.equal(distrusted.state, 'broken');
  assert.match(distrusted.observed, /is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT$/);
  assert.equal(trusted.state, 'holds', trusted.observed);
  assert.match(trusted.observed, /speaks TLSv1\.3 with TLS_AES_256_GCM_SHA384, certificate until/);
});

test('another cipher than AES-256-GCM is TLS, and not what is asked for', async (t) => {
  trust(t, certificate.cert);
  const place = await at(t, tlsServer({ ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }));
  const asked = await at(t, tlsServer());

  assert.deepEqual(
    [(await clientTls(place)).state, (await clientAes256Gcm(place)).state],
    [...['holds', 'broken']],
  );
  assert.equal((await clientAes256Gcm(asked)).state, 'holds');
});

test('an address without TLS is not encrypted; one where nobody answers is unknown', async (t) => {
  const plain = createPlainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const gone = createPlainServer();
  const places = [await at(t, plain), await at(t, gone)];
  gone.close();

  const found = await Promise.all(places.map(clientTls));

  assert.deepEqual(
    found.map(({ state }) => state),
    ['broken', 'unknown'],
  );
});
