import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import test from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { startServingEdge } from '../../test/support/edge/edge-under-test.ts';
import { until } from '../../test/support/until.ts';

test('answers that arrive together keep their own bytes', async (t) => {
  const asked = new Map<string, ServerResponse>();
  const backend = await startBackend(t, (request, response) => {
    asked.set(request.url ?? '', response);
  });
  const edge = await startServingEdge(t, [backend.port]);
  const paths = ['/a', '/b', '/c'];
  const answers = paths.map(async (path) => (await fetch(`${edge.url}${path}`)).text());
  await until('the backend was asked', () => paths.every((path) => asked.has(path)));

  // All are there before the event loop turns.
  for (const [path, response] of asked) response.end(path.repeat(100));

  assert.deepEqual(
    await Promise.all(answers),
    paths.map((path) => path.repeat(100)),
  );
});
