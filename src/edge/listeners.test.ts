import assert from 'node:assert/strict';
import { once } from 'node:events';
import test from 'node:test';
import { scope } from '../../test/support/edge/edge-under-test.ts';
import { freePort } from '../../tools/stand/free-port.ts';
import { systemClock } from '../platform/clock.ts';
import { createClientServer } from './client-server.ts';
import { createAnswerFlusher } from './answer-flusher.ts';
import { createListeners, type ListenerSource } from './listeners.ts';
import { ScopeTraffic } from './scope-traffic.ts';

test('an address that was given up while its port was waited for is closed when it opens', async () => {
  const source = slowSource();
  const listeners = createListeners(source);
  const client = aClientServer();
  const address = { host: '127.0.0.1', port: await freePort() };
  const opening = listeners.open(scope, address, { create: () => client, patienceMs: 1 });

  listeners.closeOthers(scope, null);
  source.open();
  await opening;

  assert.equal(client.server.listening, false);
  assert.deepEqual(listeners.takeAll(), []);
});

test('who opens an address that is being opened waits for it', async (t) => {
  const source = slowSource();
  const listeners = createListeners(source);
  const client = aClientServer();
  t.after(() => client.server.close());
  const address = { host: '127.0.0.1', port: await freePort() };
  const options = { create: () => client, patienceMs: 1 };
  const first = listeners.open(scope, address, options);
  const second = listeners.open(scope, address, options);

  source.open();
  await second;

  assert.equal(client.server.listening, true);
  await first;
});

/** Listens only when told. */
function slowSource(): ListenerSource & { open(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    open: () => resolve(undefined),
    async listen(server, { host, port }) {
      await promise;
      server.listen(port, host);
      await once(server, 'listening');
    },
    release: () => undefined,
  };
}

function aClientServer() {
  return createClientServer(
    new ScopeTraffic({
      clock: systemClock,
      counting: { epoch: 'e', sinceSecond: 0 },
      flusher: createAnswerFlusher(),
      onFallback: () => undefined,
    }),
  );
}
