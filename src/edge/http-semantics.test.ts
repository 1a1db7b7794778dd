import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge, totalOf } from '../../test/support/edge/edge-under-test.ts';
import { rawRequest } from '../../test/support/edge/raw-request.ts';
import { until } from '../../test/support/until.ts';

const MEBIBYTE = 1024 * 1024;

test('a streamed upload and download of 32 MiB arrive whole', async (t) => {
  const backend = await startBackend(t, (request, response) => request.pipe(response));
  const edge = await startServingEdge(t, [backend.port]);
  const sent = createHash('sha256');
  const received = createHash('sha256');
  const request = httpRequest(`${edge.url}/echo`, { method: 'POST', agent: false });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;

  const upload = pipeline(
    Readable.from(chunks(32)).on('data', (chunk: Buffer) => sent.update(chunk)),
    request,
  );
  const [answer] = await answered;
  await Promise.all([upload, pipeline(answer, received)]);

  assert.equal(received.digest('hex'), sent.digest('hex'));
});

test('a client that does not read holds the backend back', async (t) => {
  let written = 0;
  const backend = await startBackend(t, (request, response) => {
    if (request.url === '/turn') {
      response.end();
      return;
    }
    const push = () => {
      while (written < 64 * MEBIBYTE) {
        written += MEBIBYTE;
        if (!response.write(Buffer.alloc(MEBIBYTE))) {
          response.once('drain', push);
          return;
        }
      }
      response.end();
    };
    push();
  });
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await get(edge.url);
  const heldAt = await whereItStops(() => written, edge.url);
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) length += chunk.length;

  assert.ok(heldAt < 48 * MEBIBYTE, `${heldAt} bytes were taken without a reader`);
  assert.equal(length, 64 * MEBIBYTE);
});

test('a backend that does not read holds the client back', async (t) => {
  const started: IncomingMessage[] = [];
  const backend = await startBackend(t, (request, response) => {
    if (request.url === '/turn') {
      response.end();
      return;
    }
    started.push(request);
    request.on('end', () => response.end('done'));
  });
  const edge = await startServingEdge(t, [backend.port]);
  const request = httpRequest(edge.url, { method: 'POST', agent: false });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  let accepted = 0;
  const upload = pipeline(
    Readable.from(chunks(48)).on('data', (chunk: Buffer) => (accepted += chunk.length)),
    request,
  );
  await until('the backend has the request', () => started.length === 1);
  const heldAt = await whereItStops(() => accepted, edge.url);
  started[0]?.resume();
  await upload;
  const [answer] = await answered;

  assert.ok(heldAt < 40 * MEBIBYTE, `${heldAt} bytes were taken without a reader`);
  assert.equal(await textOf(answer), 'done');
});

test('server-sent events pass one by one, and the head before the first', async (t) => {
  let send: (text: string) => void = () => undefined;
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    send = (text) => response.write(text);
  });
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await get(edge.url);
  assert.equal(answer.headers['content-type'], 'text/event-stream');
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    const arrived = once(answer, 'data') as Promise<[Buffer]>;
    send(event);
    assert.equal((await arrived)[0].toString(), event);
  }
  assert.equal((await edge.observe()).inFlight[stable], 1);
  answer.destroy();
  await until('the stream has ended', async () => (await edge.observe()).inFlight[stable] === 0);
  assert.equal(await totalOf(edge, stable, 'requests'), 1);
});

test('a body keeps its bytes, in one part or in several, with a length or in chunks', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 24 * 1024 }, (_, index) => index % 256));
  const backend = await startBackend(t, (request, response) => {
    const [, framing, ...sizes] = request.url?.split('/') ?? [];
    const parts = sizes.map(Number);
    const length = parts.reduce((sum, size) => sum + size, 0);
    if (framing === 'length') response.setHeader('content-length', length);
    let from = 0;
    const push = () => {
      const size = parts.shift();
      if (size === undefined) response.end();
      else response.write(bytes.subarray(from, (from += size)), () => setImmediate(push));
    };
    push();
  });
  const edge = await startServingEdge(t, [backend.port]);

  for (const framing of ['length', 'chunked']) {
    for (const parts of [[256], [1, 255], [8_192, 8_192], [8_193, 1], [24 * 1024]]) {
      const answer = await fetch(`${edge.url}/${framing}/${parts.join('/')}`);
      const length = parts.reduce((sum, size) => sum + size, 0);
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes.subarray(0, length));
    }
  }
});

test('the beginning of a body arrives with its head while the rest is still to come', async (t) => {
  let held: ServerResponse | null = null;
  const backend = await startBackend(t, (_request, response) => {
    response.setHeader('content-length', 10);
    response.write('first');
    held = response;
  });
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await get(edge.url);
  const [first] = (await once(answer, 'data')) as [Buffer];
  held!.end('later');

  assert.equal(first.toString(), 'first');
  assert.equal(await textOf(answer), 'later');
});

test('trailers of an answer reach the client', async (t) => {
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(200, { trailer: 'x-sum' });
    response.write('body');
    response.addTrailers({ 'x-sum': '42', 'set-cookie': 'a=1' });
    response.end();
  });
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await get(edge.url);

  assert.equal(await textOf(answer), 'body');
  assert.equal(answer.headers.trailer, 'x-sum');
  assert.deepEqual(answer.rawTrailers, ['x-sum', '42']);
});

test('HEAD, 204 and 304 carry their headers and no body', async (t) => {
  const backend = await startBackend(t, (request, response) => {
    if (request.url === '/head') response.setHeader('content-length', '1234');
    if (request.url === '/304') response.setHeader('etag', '"a"');
    response.statusCode = request.url === '/head' ? 200 : Number(request.url?.slice(1));
    response.end();
  });
  const edge = await startServingEdge(t, [backend.port]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());

  const head = await get(`${edge.url}/head`, { method: 'HEAD', agent });
  assert.equal(head.headers['content-length'], '1234');
  assert.equal(await textOf(head), '');
  const empty = await get(`${edge.url}/204`, { agent });
  assert.equal(empty.statusCode, 204);
  assert.equal(await textOf(empty), '');
  const unchanged = await get(`${edge.url}/304`, { agent });
  assert.equal(unchanged.statusCode, 304);
  assert.equal(unchanged.headers.etag, '"a"');
  assert.equal(await textOf(unchanged), '');
});

test('a body is asked for with 100 only once an endpoint is connected', async (t) => {
  const backend = await startBackend(t, (request, response) => {
    request.resume().on('end', () => response.end(request.headers.expect ?? 'no expect'));
  });
  const edge = await startServingEdge(t, [backend.port]);
  const request = httpRequest(edge.url, {
    method: 'POST',
    agent: false,
    headers: { expect: '100-continue', 'content-length': '4' },
  });
  request.flushHeaders();

  await once(request, 'continue');
  request.end('body');
  const [answer] = (await once(request, 'response')) as [IncomingMessage];

  assert.equal(await textOf(answer), 'no expect');
});

test('a body that nobody can take is not asked for', async (t) => {
  const backend = await startBackend(t);
  await backend.close();
  const edge = await startServingEdge(t, [backend.port]);

  const answer = await rawRequest(
    edge.port,
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n',
  );

  assert.match(answer.text, /^HTTP\/1\.1 503 .*retry-after: 1/is);
  assert.equal(answer.closed, true);
});

test('early hints are passed on before the answer', async (t) => {
  const backend = await startBackend(t, (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('late'));
  });
  const edge = await startServingEdge(t, [backend.port]);
  const request = httpRequest(edge.url, { agent: false });
  const hinted = once(request, 'information') as Promise<[{ statusCode: number }]>;
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end();

  assert.equal((await hinted)[0].statusCode, 103);
  assert.equal(await textOf((await answered)[0]), 'late');
});

test('headers for one connection are passed on in neither direction', async (t) => {
  const backend = await startBackend(t, (request, response) => {
    response.setHeader('connection', 'close, x-private');
    response.setHeader('x-private', '1');
    response.setHeader('proxy-authenticate', 'Basic');
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.end(JSON.stringify(request.rawHeaders));
  });
  const edge = await startServingEdge(t, [backend.port]);

  const { text } = await rawRequest(
    edge.port,
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Secret, host\r\nX-Secret: 1\r\n' +
      'Keep-Alive: timeout=9\r\nProxy-Authorization: x\r\nProxy-Connection: y\r\n' +
      'TE: trailers, gzip\r\nTrailer: x\r\nUpgrade: h2c\r\nHTTP2-Settings: z\r\n' +
      'X-Forwarded-For: 10.0.0.1\r\nVia: 1.0 outer\r\nX-Kept: yes\r\n\r\n',
  );

  const [head = '', body = ''] = text.split('\r\n\r\n');
  const raw = JSON.parse(/\[.*\]/.exec(body)?.[0] ?? '[]') as string[];
  const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const valueOf = (name: string) => raw[names.indexOf(name) * 2 + 1];
  for (const gone of ['x-secret', 'keep-alive', 'proxy-authorization', 'proxy-connection']) {
    assert.equal(names.includes(gone), false, gone);
  }
  for (const gone of ['trailer', 'upgrade', 'http2-settings', 'transfer-encoding']) {
    assert.equal(names.includes(gone), false, gone);
  }
  assert.equal(valueOf('host'), 'a');
  assert.equal(valueOf('te'), 'trailers');
  assert.equal(valueOf('x-kept'), 'yes');
  assert.equal(valueOf('x-forwarded-for'), '10.0.0.1, 127.0.0.1');
  assert.equal(valueOf('via'), '1.0 outer, 1.1 surefoot');
  assert.doesNotMatch(head, /x-private|proxy-authenticate/i);
  assert.match(head, /set-cookie: a=1\r\nset-cookie: b=2/i);
});

test('requests pipelined on one connection are answered in order', async (t) => {
  const backend = await startBackend(t, (request, response) => {
    const delayMs = request.url === '/first' ? 50 : 0;
    setTimeout(() => response.end(`<${request.url ?? ''}>`), delayMs);
  });
  const edge = await startServingEdge(t, [backend.port]);

  const { text } = await rawRequest(
    edge.port,
    'GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );

  assert.ok(text.indexOf('</first>') > 0 && text.indexOf('</first>') < text.indexOf('</second>'));
});

test('a client of HTTP/1.0 gets an answer without chunks', async (t) => {
  const backend = await startBackend(t, (_request, response) => {
    response.write('a');
    response.end('b');
  });
  const edge = await startServingEdge(t, [backend.port]);

  const { text, closed } = await rawRequest(edge.port, 'GET / HTTP/1.0\r\n\r\n');

  assert.match(text, /^HTTP\/1\.1 200 OK/);
  assert.doesNotMatch(text, /transfer-encoding/i);
  assert.ok(text.endsWith('\r\n\r\nab'));
  assert.equal(closed, true);
});

test('an absolute target is asked for by its path', async (t) => {
  const backend = await startBackend(t);
  const edge = await startServingEdge(t, [backend.port]);

  await rawRequest(
    edge.port,
    'GET http://A.example/x?y=1 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n',
  );

  assert.deepEqual(backend.seen, ['GET /x?y=1']);
});

/**
 * Where a number stops to rise that edge, backend and client move in this very process: measured in
 * whole requests that the same event loop and the same edge carry meanwhile, not in time.
 */
async function whereItStops(progress: () => number, url: string): Promise<number> {
  let before = progress();
  for (let still = 0; still < 50; still += 1) {
    await textOf(await get(`${url}/turn`));
    if (progress() !== before) still = 0;
    before = progress();
  }
  return before;
}

function get(url: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent: false, ...options }, resolve)
      .on('error', reject)
      .end();
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer as AsyncIterable<string>) text += chunk;
  return text;
}

function* chunks(count: number): Iterable<Buffer> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(MEBIBYTE, index);
}
