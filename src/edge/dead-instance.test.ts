import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import test, { type TestContext } from 'node:test';
import { startBackend } from '../../test/support/edge/backend.ts';
import {
  candidate,
  scope,
  stable,
  startEdgeUnderTest,
} from '../../test/support/edge/edge-under-test.ts';
import { aLease, aPool, aRouting, noTrips } from '../../test/support/edge/routing-builder.ts';
import { until } from '../../test/support/until.ts';

test('a dead instance of a stable pool that has just lost its weight costs no request', async (t) => {
  const edge = await startEdgeUnderTest(t);
  const dead = await startUnreachable(t);
  const [old, next] = [await startBackend(t), await startBackend(t)];
  const routing = (share: number) =>
    aRouting({
      scope,
      port: edge.port,
      pools: [
        aPool(stable, 100 - share, [dead.port, old.port]),
        aPool(candidate, share, [next.port]),
      ],
      lease: aLease(candidate, { trip: noTrips }),
      requestTimeoutMs: 10_000,
    });
  await edge.apply(routing(0), { deployment: 2, sequence: 1 });
  const requests = Array.from({ length: 4 }, () => fetch(edge.url, { method: 'POST' }));
  await until('two wait for the dead instance', async () => {
    return ((await edge.observe()).inFlight[stable] ?? 0) === 2 && old.seen.length === 2;
  });

  await edge.apply(routing(100), { deployment: 2, sequence: 2 });
  dead.refuse();

  const statuses = (await Promise.all(requests)).map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200, 200, 200]);
});

/** A port on which connections wait to be made until they are refused. */
async function startUnreachable(
  t: TestContext,
): Promise<{ readonly port: number; refuse(): void }> {
  const program = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 },
    function () { console.log(this.address().port); })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  child.kill('SIGSTOP');
  // They fill the queue, so that nobody else gets into it.
  for (let filled = 0; filled < 2; filled += 1) {
    const client = connect(port, '127.0.0.1').on('error', () => undefined);
    t.after(() => client.destroy());
    await once(client, 'connect');
  }
  return { port, refuse: () => child.kill('SIGKILL') };
}
