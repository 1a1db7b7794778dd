import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import test from 'node:test';
import { forwardedHeaders } from './forwarded-headers.ts';

const STRANGER = '203.0.113.9';
const LOOPBACKS = ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'];

const claims = [
  ...['Forwarded', 'for=10.0.0.1;proto=https', 'X-Real-IP', '10.0.0.1'],
  ...['X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'shop.example'],
  ...['X-Forwarded-Port', '443', 'X-Forwarded-Prefix', '/admin'],
  ...['X-Forwarded-Scheme', 'https', 'X-Forwarded-Ssl', 'on'],
];

test('what a stranger claims about how it came does not reach the instance', () => {
  const headers = forwarded(STRANGER, claims);

  assert.deepEqual(headers, {
    host: 'a',
    'x-forwarded-for': STRANGER,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'a',
    via: '1.1 surefoot',
  });
});

for (const address of LOOPBACKS) {
  test(`a terminator of TLS on ${address} is believed in how the client came`, () => {
    const headers = forwarded(address, ['X-Forwarded-For', '10.0.0.1', ...claims]);

    assert.deepEqual(headers, {
      host: 'a',
      forwarded: 'for=10.0.0.1;proto=https',
      'x-real-ip': '10.0.0.1',
      'x-forwarded-for': `10.0.0.1, ${address}`,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-port': '443',
      'x-forwarded-prefix': '/admin',
      'x-forwarded-scheme': 'https',
      'x-forwarded-ssl': 'on',
      via: '1.1 surefoot',
    });
  });
}

test('an underscore does not carry a claim past the edge, wherever the client is', () => {
  const disguised = [
    ...['X_Forwarded_Proto', 'X-Forwarded_Proto', 'x_forwarded-for', 'X_FORWARDED_HOST'],
    ...['X_Real_IP', 'X-Real_IP', 'X_Forwarded_Port', 'X_Forwarded_Ssl'],
  ].flatMap((name) => [name, 'evil']);

  for (const address of [STRANGER, ...LOOPBACKS]) {
    assert.equal(Object.values(forwarded(address, disguised)).includes('evil'), false);
  }
});

test('other names with underscores are passed on as they are', () => {
  const { rawHeaders } = message(STRANGER, ['X_Trace_Id', '1', '_', '2', 'x_forwarded', '3']);

  const headers = forwardedHeaders(message(STRANGER, rawHeaders));

  for (const [index, part] of rawHeaders.entries()) assert.equal(headers[index], part);
});

test('the addresses that a stranger names are kept before its own', () => {
  const headers = forwarded(STRANGER, ['X-Forwarded-For', '10.0.0.1']);

  assert.equal(headers['x-forwarded-for'], `10.0.0.1, ${STRANGER}`);
});

/** By lower-case name; the test fails when a name comes twice. */
function forwarded(address: string, sent: readonly string[]): Record<string, string> {
  const flat = forwardedHeaders(message(address, ['Host', 'a', ...sent]));
  const headers: Record<string, string> = {};
  for (let index = 0; index < flat.length; index += 2) {
    const name = flat[index]!.toLowerCase();
    assert.equal(headers[name], undefined, `${name} comes twice`);
    headers[name] = flat[index + 1]!;
  }
  return headers;
}

function message(address: string, rawHeaders: readonly string[]): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  const request = new IncomingMessage(socket);
  request.httpVersion = '1.1';
  for (let index = 0; index < rawHeaders.length; index += 2) {
    request.headers[rawHeaders[index]!.toLowerCase()] = rawHeaders[index + 1];
  }
  request.rawHeaders = [...rawHeaders];
  return request;
}
