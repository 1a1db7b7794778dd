import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { test, type TestContext } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import { selfSigned } from '../../test/support/self-signed-certificate.ts';
import { lookAtTls, type TlsQuestion } from './look-at-tls.ts';

const DAY_MS = 86_400_000;
const days = (count: number): Date => new Date(Date.now() + count * DAY_MS);

async function listening(t: TestContext, server: Server): Promise<TlsQuestion['address']> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

function tlsServer(options: TlsOptions = {}, to = days(30)): Server {
  const server = createServer({ ...selfSigned({ from: days(-60), to }), ...options });
  server.on('tlsClientError', () => undefined);
  return server;
}

const look = (address: TlsQuestion['address'], more: Partial<TlsQuestion> = {}) =>
  lookAtTls({ address, timeoutMs: 5_000, signal: new AbortController().signal, ...more });

test('what speaks TLS says in which version, by which cipher and until when', async (t) => {
  const to = days(30);
  const found = await look(await listening(t, tlsServer({}, to)));

  assert.ok(found.kind === 'spoken');
  assert.deepEqual([found.protocol, found.cipher], ['TLSv1.3', 'TLS_AES_256_GCM_SHA384']);
  assert.equal(found.validTo.slice(0, 19), to.toISOString().slice(0, 19));
  assert.equal(found.distrust, 'DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('a certificate that has expired is not trusted', async (t) => {
  const found = await look(await listening(t, tlsServer({}, days(-1))));

  assert.ok(found.kind === 'spoken');
  assert.equal(found.distrust, 'CERT_HAS_EXPIRED');
});

test('what speaks older versions, or other ciphers, refuses', async (t) => {
  const old = await listening(t, tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }));
  const other = await listening(t, tlsServer({ ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }));

  assert.equal((await look(old)).kind, 'refused');
  assert.equal((await look(other)).kind, 'spoken');
  assert.equal((await look(other, { ciphers: 'TLS_AES_256_GCM_SHA384' })).kind, 'refused');
});

test('what answers without TLS refuses', async (t) => {
  const server = createPlainServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));

  assert.equal((await look(await listening(t, server))).kind, 'refused');
});

test('where nobody answers there is nothing to be seen', async (t) => {
  const server = createPlainServer();
  const address = await listening(t, server);
  const silent = await listening(
    t,
    createPlainServer((socket) => socket.on('error', () => {})),
  );
  server.close();
  const stop = new AbortController();
  stop.abort();

  assert.deepEqual(await look(address), { kind: 'silent', reason: 'ECONNREFUSED' });
  assert.deepEqual(await look(silent, { timeoutMs: 1 }), {
    ...{ kind: 'silent', reason: 'no answer in time' },
  });
  assert.deepEqual(await look(silent, { signal: stop.signal }), {
    ...{ kind: 'silent', reason: 'it was stopped' },
  });
});
