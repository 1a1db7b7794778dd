import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestEvent as NodeTestEvent } from 'node:test/reporters';
import { setTimeout as delay } from 'node:timers/promises';
import { tallyReporter } from './tally-reporter.ts';
import type { TestEvent } from './test-event.ts';

function nodeEvent(type: string, data: object): NodeTestEvent {
  return { type, data: { name: 'x', file: 'x.test.ts', nesting: 0, ...data } } as NodeTestEvent;
}

test('a process that lives on after its last test names what keeps it alive', async () => {
  const told: TestEvent[] = [];
  const seen = Promise.withResolvers<undefined>();
  // The alarm does not keep a process alive; here something must, as in the process it is made for.
  const keptAlive = setInterval(() => undefined, 1_000);
  async function* events(): AsyncGenerator<NodeTestEvent> {
    yield nodeEvent('test:enqueue', {});
    yield nodeEvent('test:complete', {});
    await seen.promise;
  }

  await tallyReporter(
    events(),
    (event) => {
      told.push(event);
      if (event.kind === 'kept-alive') seen.resolve(undefined);
    },
    1,
  );
  clearInterval(keptAlive);

  assert.equal(told.at(-1)?.kind, 'kept-alive');
});

test('a test still open is no process kept alive', async () => {
  const told: TestEvent[] = [];
  async function* events(): AsyncGenerator<NodeTestEvent> {
    yield nodeEvent('test:enqueue', {});
    yield nodeEvent('test:enqueue', {});
    yield nodeEvent('test:complete', {});
    await delay(20);
  }

  await tallyReporter(events(), (event) => told.push(event), 1);

  assert.deepEqual(
    told.map(({ kind }) => kind),
    ['ended'],
  );
});
