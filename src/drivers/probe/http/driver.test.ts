import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRawServer, type RawServer } from '../../../../test/support/raw-server.ts';
import type { ProbeResult } from '../../contract.ts';
import { describeProbeContract } from '../../contract-suites/probe.ts';
import { httpProbe } from './driver.ts';

type Written = Readonly<Record<string, unknown>>;

function answer(body: string, head = '200 OK', headers = ''): string {
  return `HTTP/1.1 ${head}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

async function probe(
  server: Pick<RawServer, 'port'>,
  config: Written,
  version = '2.0',
): Promise<ProbeResult> {
  const port = httpProbe.connect(httpProbe.config.parse(config), { stateDirectory: '' });
  const release = { version, configDigest: 'sha256:cafe' };
  const subject = { host: '127.0.0.1', port: server.port, release };
  return port.run(subject, { signal: new AbortController().signal });
}

/** The result of one probe, and the request that it sent. */
async function exchange(
  reply: string,
  config: Written,
  version?: string,
): Promise<ProbeResult & { readonly request: string }> {
  const server = await startRawServer((socket) => socket.write(reply));
  try {
    const result = await probe(server, config, version);
    return { ...result, request: server.received.join('') };
  } finally {
    await server.close();
  }
}

function messages(config: Written): readonly string[] {
  const { error } = httpProbe.config.safeParse(config);
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message) : [issue.message],
  );
}

describeProbeContract('http', async () => {
  const state = { isBroken: false };
  const server = await startRawServer((socket) =>
    socket.write(state.isBroken ? answer('', '500 Oops\u001b[31m') : answer('{"version":"2.0"}')),
  );
  const silentServer = await startRawServer(() => undefined);
  const release = { version: '2.0', configDigest: 'sha256:cafe' };
  return {
    driver: httpProbe,
    config: { timeout: '300ms', expect: { json: { version: '{release.version}' } } },
    subject: { host: '127.0.0.1', port: server.port, release },
    breakDown: async () => {
      state.isBroken = true;
    },
    silent: { host: '127.0.0.1', port: silentServer.port, release },
    close: async () => {
      await server.close();
      await silentServer.close();
    },
  };
});

test('an answer must have the expected status, header, JSON and text', async () => {
  const reply = answer('{"status":"ok","database":{"up":true,"size":3}}', '200 OK', 'X-App: a\r\n');
  const expect = {
    header: { 'x-app': 'a' },
    json: { database: { up: true } },
    text: '"size":3',
  };

  const result = await exchange(reply, { expect });

  assert.deepEqual([result.ok, result.observed], [true, 'status 200']);
  assert.equal(
    result.expected,
    'status 200, header x-app: a, JSON with {"database":{"up":true}}, text "\\"size\\":3"',
  );
});

test('every difference is named with what was seen', async () => {
  const reply = answer('{"database":{"up":"yes"}}', '200 OK', 'x-app: b\r\n');
  const expect = {
    header: { 'x-app': 'a', 'x-other': 'c' },
    json: { database: { up: true } },
    status: [201, 202],
  };

  const result = await exchange(reply, { expect });

  assert.equal(result.ok, false);
  assert.equal(
    result.observed,
    'status 200, which is not accepted, header x-app: b, no header x-other, json.database.up is "yes"',
  );
  assert.match(result.expected, /^status 201 or 202, /);
});

test('a list in the JSON must match as a whole', async () => {
  const reply = answer('{"shards":["a","b"]}');

  assert.equal((await exchange(reply, { expect: { json: { shards: ['a', 'b'] } } })).ok, true);
  assert.equal((await exchange(reply, { expect: { json: { shards: ['a'] } } })).ok, false);
});

test('a key that every object inherits is not taken for one of the answer', async () => {
  const result = await exchange(answer('{}'), { expect: { json: { toString: 'x' } } });

  assert.equal(result.observed, 'status 200, json.toString is missing');
});

test('the release is filled into path, headers and expectation', async () => {
  const config = {
    path: '/health?v={release.version}',
    headers: { 'X-Release': '{release.version}+{release.config}' },
    expect: { json: { deep: [{ v: '{release.version}' }] }, text: '{release.config}' },
  };
  const reply = answer('{"deep":[{"v":"2.0 & more"}],"c":"sha256:cafe"}');

  const result = await exchange(reply, config, '2.0 & more');

  assert.equal(result.ok, true, result.observed);
  assert.match(result.request, /^GET \/health\?v=2\.0%20%26%20more HTTP\/1\.1\r\n/);
  assert.match(result.request, /x-release: 2\.0 & more\+sha256:cafe\r\n/i);
});

test('a version that looks like a placeholder stays text', async () => {
  const config = { expect: { json: { version: '{release.version}' } } };

  const result = await exchange(
    answer('{"version":"{release.config}"}'),
    config,
    '{release.config}',
  );

  assert.equal(result.ok, true, result.observed);
});

test('a version that no header can carry is a result, not an exception', async () => {
  const config = { headers: { 'x-release': '{release.version}' } };

  const result = await exchange(answer('ok'), config, '2.0\r\nx-injected: 1');

  assert.equal(result.ok, false);
  assert.match(result.observed, /^the request cannot be sent: /);
  assert.equal(result.request, '');
});

test('a POST sends its body, and every question uses a connection of its own', async () => {
  const server = await startRawServer((socket) => socket.write(answer('ok', '201 Created')));
  try {
    const config = { method: 'POST', body: '{"a":1}', expect: { status: 201 } };
    const results = [await probe(server, config), await probe(server, config)];

    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true],
    );
    assert.equal(server.received.length, 2);
    assert.match(server.received[0]!, /content-length: 7\r\n[^]*\r\n\r\n\{"a":1\}$/);
    assert.match(server.received[0]!, /connection: close/);
    assert.match(server.received[0]!, /accept-encoding: identity/);
  } finally {
    await server.close();
  }
});

test('an answer to HEAD needs no body', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n';

  assert.equal((await exchange(head, { method: 'HEAD' })).ok, true);
});

test('what could never work is refused in the configuration', () => {
  assert.deepEqual(messages({ path: 'health' }), [
    '"health" is not a request path; it starts with / and has no spaces or special characters',
  ]);
  assert.deepEqual(messages({ body: 'x' }), ['cannot be sent with GET; use method: POST']);
  assert.deepEqual(messages({ method: 'HEAD', expect: { text: 'x' } }), [
    'can never match: an answer to HEAD has no body',
  ]);
  assert.deepEqual(messages({ headers: { 'Content-Length': '1' } }), [
    '"Content-Length" is set by the probe itself',
  ]);
  assert.deepEqual(
    messages({ expect: { json: { build: { version: '{release.verison}', ok: true } } } }),
    ['{release.verison} is not known; {release.version} and {release.config} are'],
  );
  assert.deepEqual(messages({ path: '/{release.vresion}' }), [
    '{release.vresion} is not known; {release.version} and {release.config} are',
  ]);
  assert.deepEqual(messages({ headers: { 'x-a': 'b\r\nc: d' } }), [
    'must not hold line breaks or other characters that a header cannot carry',
  ]);
  assert.deepEqual(messages({ timeout: '6m' }), ['must be at most 5m']);
  assert.equal(messages({ expect: { status: 99 } }).length, 1);
});
