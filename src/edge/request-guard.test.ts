import assert from 'node:assert/strict';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { scope, stable, startEdgeUnderTest } from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { aPool, aRouting } from '../../test/support/edge/routing-builder.ts';

const POST = 'POST / HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;

/** Each is followed by a smuggled request that must never reach a backend. */
const attempts: Readonly<Record<string, string>> = {
  'content-length with transfer-encoding': `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'transfer-encoding with content-length': `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
  'two different content-lengths': `${POST}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`,
  'two equal content-lengths': `${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`,
  'a list as content-length': `${POST}Content-Length: 3, 3\r\n\r\nabc`,
  'a signed content-length': `${POST}Content-Length: +3\r\n\r\nabc`,
  'a negative content-length': `${POST}Content-Length: -1\r\n\r\n`,
  'a hexadecimal content-length': `${POST}Content-Length: 0x3\r\n\r\nabc`,
  'an empty content-length': `${POST}Content-Length: \r\n\r\n`,
  'a content-length beyond 2^64': `${POST}Content-Length: 18446744073709551617\r\n\r\na`,
  'an unknown transfer-encoding': `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'chunked before another coding': `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'another coding before chunked': `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'two transfer-encodings': `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a tab in transfer-encoding': `${POST}Transfer-Encoding:\tchunked\x0b\r\n\r\n0\r\n\r\n`,
  'transfer-encoding in HTTP/1.0':
    'POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a chunk size that is no number': `${CHUNKED}zz\r\nabc\r\n0\r\n\r\n`,
  'a signed chunk size': `${CHUNKED}+3\r\nabc\r\n0\r\n\r\n`,
  'a chunk size with 0x': `${CHUNKED}0x3\r\nabc\r\n0\r\n\r\n`,
  'a chunk size beyond 2^64': `${CHUNKED}fffffffffffffffff\r\nabc\r\n0\r\n\r\n`,
  'a chunk longer than its size': `${CHUNKED}3\r\nabcd\r\n0\r\n\r\n`,
  'a chunk size ended by a bare LF': `${CHUNKED}3\nabc\r\n0\r\n\r\n`,
  'chunk data ended by a bare LF': `${CHUNKED}3\r\nabc\n0\r\n\r\n`,
  'a bare LF in a chunk extension': `${CHUNKED}3;a=\nb\r\nabc\r\n0\r\n\r\n`,
  'a header folded over two lines': 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n',
  'a space before the colon': `${POST}Content-Length : 3\r\n\r\nabc`,
  'a space before the first header': 'GET / HTTP/1.1\r\n Host: a\r\n\r\n',
  'a header line ended by a bare LF': 'GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n',
  'a request line ended by a bare LF': 'GET / HTTP/1.1\nHost: a\r\n\r\n',
  'a bare CR in a header': 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rX-B: c\r\n\r\n',
  'a NUL in a header': 'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n',
  'a header without a name': 'GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n',
  'no host': 'GET / HTTP/1.1\r\nX-A: b\r\n\r\n',
  'two hosts': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'a host with a path': 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n',
  'a host with a user': 'GET / HTTP/1.1\r\nHost: a@b\r\n\r\n',
  'a target for another host': 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'a target without a slash': 'GET admin HTTP/1.1\r\nHost: a\r\n\r\n',
  'a target with a fragment': 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n',
  'a target with a space': 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n',
  'a method that does not exist': 'GETS / HTTP/1.1\r\nHost: a\r\n\r\n',
  'a version that does not exist': 'GET / HTTP/1.7\r\nHost: a\r\n\r\n',
};

test('what two servers could read in two ways is refused with 400 and the connection is closed', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t, (request, response) => {
    request.resume().on('end', () => response.end('from the backend'));
  });
  await edge.apply(
    aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [backend.port])] }),
    { deployment: 1, sequence: 1 },
  );

  for (const [name, bytes] of Object.entries(attempts)) {
    await t.test(name, async () => {
      const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

      const answer = await rawRequest(edge.port, bytes + smuggled);

      assert.match(answer.text, /^HTTP\/1\.1 400 /);
      assert.equal(answer.closed, true);
      assert.doesNotMatch(answer.text, /from the backend/);
      assert.equal(answer.text.match(/HTTP\/1\.1/g)?.length, 1);
      assert.equal(backend.seen.includes('GET /smuggled'), false);
    });
  }
});

test('a request that is whole gets its answer although garbage follows it', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  await edge.apply(
    aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [backend.port])] }),
    { deployment: 1, sequence: 1 },
  );

  const answer = await rawRequest(
    edge.port,
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n\x01\x02 garbage\r\n\r\n',
  );

  assert.match(answer.text, /^HTTP\/1\.1 200 OK/);
  assert.equal(answer.closed, true);
});

test('heads beyond the limits are refused', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const backend = await startBackend(t);
  await edge.apply(
    aRouting({ scope, port: edge.port, pools: [aPool(stable, 100, [backend.port])] }),
    { deployment: 1, sequence: 1 },
  );
  const get = 'GET / HTTP/1.1\r\nHost: a\r\n';

  const large = await rawRequest(edge.port, `${get}X-A: ${'a'.repeat(40_000)}\r\n\r\n`);
  const many = await rawRequest(edge.port, `${get}${'A: b\r\n'.repeat(300)}\r\n`);
  const long = await rawRequest(
    edge.port,
    `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  );
  const connect = await rawRequest(edge.port, 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n');
  const trace = await rawRequest(edge.port, 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n');

  const statuses = [large, many, long, connect, trace].map((answer) => answer.text.slice(9, 12));
  assert.deepEqual(statuses, ['431', '431', '414', '405', '405']);
  assert.deepEqual(backend.seen, []);
});
