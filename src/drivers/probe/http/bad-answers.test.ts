// Bad input 67 to 82 of the reliability rules: what a broken or hostile instance may answer.
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { repeat, startRawServer } from '../../../../test/support/raw-server.ts';
import type { ProbeResult } from '../../contract.ts';
import { httpProbe } from './driver.ts';

const HEALTH = { expect: { json: { version: '{release.version}' } } };

type Behaviour = (socket: Socket, received: string, connection: number) => void;

interface BadAnswer {
  readonly title: string;
  readonly behaviour: Behaviour;
  readonly observed: RegExp;
  readonly config?: Readonly<Record<string, unknown>>;
}

function says(text: string): Behaviour {
  return (socket) => socket.write(text);
}

function body(text: string, head = '200 OK'): Behaviour {
  return says(`HTTP/1.1 ${head}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function withoutBody(head: string): Behaviour {
  return says(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`);
}

async function probe(
  behaviour: Behaviour,
  config: Readonly<Record<string, unknown>>,
  times = 1,
): Promise<readonly ProbeResult[]> {
  const server = await startRawServer(behaviour);
  const parsed = httpProbe.config.parse({ timeout: '2s', ...config });
  const port = httpProbe.connect(parsed, { stateDirectory: '' });
  const release = { version: '2.0', configDigest: 'sha256:cafe' };
  const subject = { host: '127.0.0.1', port: server.port, release };
  const results: ProbeResult[] = [];
  try {
    for (let run = 0; run < times; run += 1) {
      results.push(await port.run(subject, { signal: new AbortController().signal }));
    }
  } finally {
    await server.close();
  }
  return results;
}

const badAnswers: readonly BadAnswer[] = [
  {
    title: '67 a connection without any answer',
    behaviour: () => undefined,
    config: { timeout: '1s' },
    observed: /^connected, but no answer within 1000 ms$/,
  },
  {
    title: '68 a head that trickles',
    behaviour: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      repeat(socket, 10, 'x');
    },
    config: { timeout: '1s' },
    observed: /^connected, but no answer within 1000 ms$/,
  },
  {
    title: '68 a body that trickles',
    behaviour: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      repeat(socket, 10, 'x');
    },
    config: { timeout: '1s' },
    observed: /^status 200, but not the whole answer within 1000 ms$/,
  },
  {
    title: '69 an empty body',
    behaviour: body(''),
    observed: /^status 200, an empty body instead of JSON$/,
  },
  {
    title: '69 an HTML error page with status 200',
    behaviour: body('<html>Oops</html>'),
    observed: /^status 200, no JSON but "<html>Oops<\/html>"$/,
  },
  {
    title: '69 the right answer of the old version',
    behaviour: body('{"status":"ok","version":"1.0"}'),
    observed: /^status 200, json\.version is "1\.0"$/,
  },
  {
    title: '69 the version as a number',
    behaviour: body('{"version":2.0}'),
    observed: /^status 200, json\.version is 2$/,
  },
  {
    title: '69 JSON that is no object',
    behaviour: body('"2.0"'),
    observed: /^status 200, json is "2\.0"$/,
  },
  {
    title: '70 status 200, then a reset',
    behaviour: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"ver', () => {
        socket.resetAndDestroy();
      });
    },
    observed: /closed|reset/,
  },
  {
    title: '71 a redirect to itself',
    behaviour: says('HTTP/1.1 301 Moved\r\nlocation: /health\r\ncontent-length: 0\r\n\r\n'),
    observed: /^status 301, a redirect to \/health, not followed/,
  },
  {
    title: '71 a redirect to a file',
    behaviour: says(
      'HTTP/1.1 302 Found\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n',
    ),
    observed: /^status 302, a redirect to file:\/\/\/etc\/passwd, not followed/,
  },
  {
    title: '71 a redirect to the metadata address',
    behaviour: says(
      'HTTP/1.1 307 x\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n',
    ),
    observed: /^status 307, a redirect to http:\/\/169\.254\.169\.254\/, not followed/,
  },
  {
    title: '72 status 204',
    behaviour: says('HTTP/1.1 204 No Content\r\n\r\n'),
    observed: /^status 204, which is not accepted/,
  },
  {
    title: '72 interim answers for ever',
    behaviour: (socket) => repeat(socket, 10, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
    config: { timeout: '1s' },
    observed: /^connected, but no answer within 1000 ms$/,
  },
  {
    title: '72 an upgrade that nobody asked for',
    behaviour: says('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    observed: /^status 101: an upgrade was not asked for$/,
  },
  {
    title: '72 status 206',
    behaviour: body('{"version":"2.0"}', '206 Partial Content'),
    observed: /^status 206, which is not accepted$/,
  },
  {
    title: '72 status 429 that asks to come back in 30 years',
    behaviour: says('HTTP/1.1 429 Slow\r\nretry-after: 1000000000\r\ncontent-length: 0\r\n\r\n'),
    observed: /^status 429, which is not accepted/,
  },
  {
    title: '72 status 503',
    behaviour: withoutBody('503 Unavailable'),
    observed: /^status 503, which is not accepted/,
  },
  {
    title: '73 a body without end',
    behaviour: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const send = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024, 120)));
      };
      socket.on('drain', send);
      send();
    },
    config: { timeout: '30s' },
    observed: /^status 200, then a body of more than 1048576 bytes$/,
  },
  {
    title: '73 a gzip bomb',
    behaviour: (socket) => {
      const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
      const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
      socket.write(Buffer.concat([Buffer.from(head), bomb]));
    },
    observed: /^status 200, the body is encoded as gzip although that was not accepted$/,
  },
  {
    title: '74 a body shorter than its content-length',
    behaviour: (socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"version":"2.0"}'),
    observed: /closed/,
  },
  {
    title: '74 a body longer than its content-length',
    behaviour: says('HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"version":"2.0"}junk'),
    observed: /^not valid HTTP: /,
  },
  {
    title: '74 content-length and transfer-encoding at once',
    behaviour: says(
      'HTTP/1.1 200 OK\r\ncontent-length: 17\r\ntransfer-encoding: chunked\r\n\r\n11\r\n{"version":"2.0"}\r\n0\r\n\r\n',
    ),
    observed: /^not valid HTTP: .*Content-Length/,
  },
  {
    title: '74 two different content-lengths',
    behaviour: says('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'),
    observed: /^not valid HTTP: /,
  },
  {
    title: '74 a chunk size that is none',
    behaviour: says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    observed: /not valid HTTP|chunk/,
  },
  {
    title: '75 an invalid status line',
    behaviour: says('HTTP/1.1 2x0 OK\r\n\r\n'),
    observed: /^not valid HTTP: /,
  },
  {
    title: '75 HTTP/0.9',
    behaviour: (socket) => socket.end('{"version":"2.0"}'),
    observed: /^not valid HTTP: /,
  },
  {
    title: '75 another protocol',
    behaviour: (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
    observed: /^not valid HTTP: /,
  },
  {
    title: '75 a head of 70 kB',
    behaviour: says(`HTTP/1.1 200 OK\r\nx-long: ${'y'.repeat(70_000)}\r\n\r\n`),
    observed: /^not valid HTTP: .*overflow/i,
  },
  {
    title: '77 the right answer of another process on the port',
    behaviour: body('{"status":"ok","version":"2.0","config":"sha256:beef"}'),
    config: { expect: { json: { version: '{release.version}', config: '{release.config}' } } },
    observed: /^status 200, json\.config is "sha256:beef"$/,
  },
  {
    title: '82 a version with escape sequences and line breaks',
    behaviour: body(JSON.stringify({ version: '2.0\u001b[2J\n\u202e' })),
    observed: /^status 200, json\.version is "2\.0\\u001b\[2J\\n\\u\{202e\}"$/,
  },
  {
    title: '82 an HTML page with raw escape sequences',
    behaviour: body('\u001b]0;owned\u0007\r\n'),
    observed: /^status 200, no JSON but "[\x20-\x7e]+"$/,
  },
];

for (const { title, behaviour, observed, config } of badAnswers) {
  test(`bad answer ${title} is not accepted`, async () => {
    const [result] = await probe(behaviour, { ...HEALTH, ...config });

    assert.equal(result!.ok, false, result!.observed);
    assert.match(result!.observed, observed);
    assert.ok(result!.observed.length <= 300);
    assert.doesNotMatch(result!.observed, /[\p{Cc}\p{Cf}]/u);
  });
}

test('bad answer 72 a status that flaps at the probe period shows in every second result', async () => {
  const flapping: Behaviour = (socket, received, connection) => {
    const behave = connection % 2 === 1 ? body('{"version":"2.0"}') : withoutBody('503 No');
    behave(socket, received, connection);
  };

  const results = await probe(flapping, HEALTH, 4);

  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true, false, true, false],
  );
});

test('bad answer 79 health on the first connection only shows on the second', async () => {
  const once: Behaviour = (socket, received, connection) => {
    if (connection === 1) body('{"version":"2.0"}')(socket, received, connection);
    else socket.destroy();
  };

  const results = await probe(once, HEALTH, 2);

  assert.deepEqual(
    results.map(({ ok }) => ok),
    [true, false],
  );
});

test('bad answer 80 health does not speak for the API: its own probe fails', async () => {
  const split: Behaviour = (socket, received, connection) => {
    const behave = received.startsWith('GET /health ')
      ? body('{"version":"2.0"}')
      : withoutBody('500 Broken');
    behave(socket, received, connection);
  };

  const [health] = await probe(split, { ...HEALTH, path: '/health' });
  const [api] = await probe(split, { path: '/api/articles' });

  assert.deepEqual([health!.ok, api!.ok], [true, false]);
});
