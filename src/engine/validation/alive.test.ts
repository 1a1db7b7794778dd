import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { lookAtUrl } from './alive.ts';

test('a target is looked at on whatever port it listens', async (t) => {
  // Browsers ask nothing of this one, and Node's fetch does not, either.
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/there?a=1' ? 302 : 404, { location: '/login' }).end();
  }).listen(10_080, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { signal } = new AbortController();

  assert.deepEqual(await lookAtUrl('http://127.0.0.1:10080/there?a=1')(signal), { kind: 'alive' });
  const { kind, why } = { why: '', ...(await lookAtUrl('http://127.0.0.1:10080/')(signal)) };
  assert.equal(kind, 'silent');
  assert.match(why, /answers with 404: .* let target name a page that is there/);
});

test('what does not answer is silent, and says why; what nobody waits for throws', async () => {
  const look = lookAtUrl('http://127.0.0.1:1/');

  assert.deepEqual(await look(new AbortController().signal), {
    kind: 'silent',
    why: 'http://127.0.0.1:1/ does not answer: ECONNREFUSED.',
  });
  await assert.rejects(look(AbortSignal.abort(new Error('over'))), /over/);
});
