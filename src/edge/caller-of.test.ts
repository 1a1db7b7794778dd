import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';
import { test, type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import { stable, startServingEdge, totalOf } from '../../test/support/edge/edge-under-test.ts';

async function failingService(t: TestContext) {
  const backend = await startBackend(t, (_request, response) => {
    response.writeHead(500).end('broken');
  });
  const edge = await startServingEdge(t, [backend.port]);
  return { edge, callers: () => totalOf(edge, stable, 'failedCallers') };
}

test('attempts of one trace are one caller, whatever connections they come on', async (t) => {
  const { edge, callers } = await failingService(t);
  const traced = (id: string) =>
    fetch(edge.url, {
      headers: { traceparent: `00-${id.repeat(32)}-00f067aa0ba902b7-01`, connection: 'close' },
    });

  await Promise.all(['a', 'a', 'b'].map(traced));

  assert.equal(await callers(), 2);
  assert.equal(await totalOf(edge, stable, 'serverErrors'), 3);
});

test('without a trace a connection is a caller, also with one that cannot be read', async (t) => {
  const { edge, callers } = await failingService(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const ask = (headers = {}) =>
    new Promise((resolve, reject) => {
      const asked = get(edge.url, { agent, headers }, (response) =>
        response.resume().once('end', resolve),
      );
      asked.once('error', reject);
    });

  await ask();
  await ask();
  await ask({ traceparent: 'nonsense' });
  assert.equal(await callers(), 1);

  await fetch(edge.url, { headers: { connection: 'close' } });
  assert.equal(await callers(), 2);
});
