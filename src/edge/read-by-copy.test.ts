import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import test, { type TestContext } from 'node:test';
import { Pool } from 'undici';
import { startBackend } from '../../test/support/edge/backend.ts';
import { startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';
import { readByCopy } from './read-by-copy.ts';

const paths = ['/a', '/b', '/c'];

test('small answers that arrive together keep their own bytes until they are written', async (t) => {
  const backend = await startAnsweringTogether(t, 10);
  const edge = await startServingEdge(t, [backend.port]);

  const texts = await backend.textsOf(async (path) => (await fetch(`${edge.url}${path}`)).text());

  assert.deepEqual(texts, paths.map(backend.bodyOf));
});

test('large answers that arrive together keep their own bytes', async (t) => {
  const backend = await startAnsweringTogether(t, 50_000);
  const pool = new Pool(`http://127.0.0.1:${backend.port}`, {
    connect: readByCopy({ timeoutMs: 2_000 }),
  });
  t.after(() => pool.destroy());

  // The second ones come over the connections of the first.
  for (let round = 1; round <= 2; round += 1) {
    const texts = await backend.textsOf(async (path) => {
      const { body } = await pool.request({ path, method: 'GET' });
      return body.text();
    });

    assert.deepEqual(texts, paths.map(backend.bodyOf));
  }
});

async function startAnsweringTogether(t: TestContext, words: number) {
  const asked = new Map<string, ServerResponse>();
  const backend = await startBackend(t, (request, response) => {
    asked.set(request.url ?? '', response);
  });
  // No two parts of it are alike.
  const bodyOf = (path: string) =>
    Array.from({ length: words }, (_, index) => `${path}${index}`).join(' ');
  return {
    port: backend.port,
    bodyOf,
    async textsOf(ask: (path: string) => Promise<string>): Promise<readonly string[]> {
      const texts = Promise.all(paths.map(ask));
      await until('all were asked for', () => asked.size === paths.length);
      // All are there before the event loop turns.
      for (const [path, response] of asked) response.end(bodyOf(path));
      asked.clear();
      return texts;
    },
  };
}
