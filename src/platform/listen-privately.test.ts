import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { listenPrivately } from './listen-privately.ts';

test('the socket is for its owner only and nothing else is left beside it', async (t) => {
  const folder = await aFolder(t);
  const path = join(folder, 'a.sock');

  const listener = await listenPrivately(aServer('one'), path);

  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await answerAt(path), 'one');
  assert.deepEqual(await readdir(folder), ['a.sock']);
  await listener.close();
  assert.deepEqual(await readdir(folder), []);
});

test('while a socket is bound, files of the same process keep their modes', async (t) => {
  const folder = await aFolder(t);
  const file = join(folder, 'file');
  const modeOfNewFile = async () => {
    await writeFile(file, '');
    const { mode } = await stat(file);
    await rm(file);
    return mode & 0o777;
  };
  const usual = await modeOfNewFile();

  const bound = new AbortController();
  const listening = listenPrivately(aServer('one'), join(folder, 'a.sock')).finally(() =>
    bound.abort(),
  );
  const seen = new Set<number>();
  while (!bound.signal.aborted) seen.add(await modeOfNewFile());

  assert.deepEqual([...seen], [usual]);
  await (await listening).close();
});

test('a socket that a killed process left is replaced, also one left half-way', async (t) => {
  const folder = await aFolder(t);
  const path = join(folder, 'a.sock');
  await writeFile(path, '');
  await writeFile(`${path}.new`, '');

  const listener = await listenPrivately(aServer('two'), path);

  assert.equal(await answerAt(path), 'two');
  await listener.close();
});

test('a predecessor that closes late does not take its successor away', async (t) => {
  const path = join(await aFolder(t), 'a.sock');
  const old = await listenPrivately(aServer('old'), path);
  const next = await listenPrivately(aServer('next'), path);

  await old.close();

  assert.equal(await answerAt(path), 'next');
  await next.close();
});

test('a folder that takes no socket is an error, and the server listens nowhere', async (t) => {
  const folder = await aFolder(t);
  const server = aServer('one');

  await assert.rejects(listenPrivately(server, join(folder, 'absent', 'a.sock')), {
    code: 'ENOENT',
  });

  assert.equal(server.listening, false);
});

function aServer(text: string) {
  return createServer((_request, response) => response.end(text));
}

function answerAt(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ socketPath, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

async function aFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-lp-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
