import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRawServer } from '../../test/support/raw-server.ts';
import { aLoadTarget, startLoadedService } from '../../test/support/load-target.ts';
import type { ArrivalPlan } from '../core/load/arrivals.ts';
import { contradictionIn } from '../core/load/reported-figures.ts';
import { systemClock } from '../platform/clock.ts';
import type { LoadTarget } from './load-target.ts';
import { runLoad, type LoadOutcome } from './run-load.ts';

const plan: ArrivalPlan = { form: 'constant', ratePerSecond: 200, durationMs: 250, seed: 1 };

async function load(
  target: LoadTarget,
  changes: Partial<ArrivalPlan> = {},
  { warmUpMs = 0, signal = new AbortController().signal } = {},
): Promise<LoadOutcome> {
  const clock = systemClock;
  const run = { target, plan: { ...plan, ...changes }, warmUpMs, clock, signal };
  const outcome = await runLoad(run);
  assert.equal(contradictionIn(outcome.figures), null);
  return outcome;
}

for (const form of ['constant', 'poisson'] as const) {
  test(`each request that is due (${form}) is sent once, and counted`, async (t) => {
    const service = await startLoadedService(t);

    const { figures, isComplete } = await load(aLoadTarget(service.url), { form });

    assert.ok(isComplete);
    assert.deepEqual([service.requests(), figures.requests, figures.failed], [50, 50, 0]);
    assert.deepEqual(figures.statuses, { '200': 50 });
    assert.equal(figures.own.connections, service.connections());
  });
}

test('connections are kept and used again, and never more than are allowed', async (t) => {
  const service = await startLoadedService(t);

  await load(aLoadTarget(service.url, { connectionsMax: 3 }));

  assert.ok(service.connections() <= 3, `${service.connections()} connections`);
});

test('a connection that the target closes is opened again', async (t) => {
  const service = await startLoadedService(t, (_request, response) => {
    response.setHeader('connection', 'close').end('ok');
  });

  const { figures } = await load(aLoadTarget(service.url, { connectionsMax: 2 }));

  assert.deepEqual([figures.requests, figures.failed], [50, 0]);
  assert.equal(service.connections(), 50);
});

test('what is sent is what was asked for', async (t) => {
  const seen: string[] = [];
  const service = await startLoadedService(t, (request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      seen.push(`${request.method} ${request.url} ${String(request.headers['x-a'])} ${body}`);
      response.end();
    });
  });
  const url = new URL('/path?query=1', service.url);

  await load(
    aLoadTarget(url, { method: 'PUT', headers: ['x-a', 'b'], body: Buffer.from('{"c":1}') }),
    { durationMs: 10 },
  );

  assert.deepEqual(seen, ['PUT /path?query=1 b {"c":1}', 'PUT /path?query=1 b {"c":1}']);
});

test('what comes before the load is sent and counted nowhere', async (t) => {
  const service = await startLoadedService(t);

  const { figures } = await load(aLoadTarget(service.url), {}, { warmUpMs: 100 });

  assert.deepEqual([service.requests(), figures.requests], [70, 50]);
});

test('what a target says in advance of its answer is no answer', async (t) => {
  const service = await startLoadedService(t, (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('ok'));
  });

  const { figures } = await load(aLoadTarget(service.url));

  assert.deepEqual([figures.failed, figures.statuses], [0, { '200': 50 }]);
});

test('a target that refuses connections has failed every time, and has no latency', async () => {
  const server = await startRawServer(() => undefined);
  await server.close();

  const { figures, isComplete } = await load(
    aLoadTarget(new URL(`http://127.0.0.1:${server.port}/`)),
  );

  assert.ok(isComplete);
  assert.deepEqual(figures.failures, { refused: 50 });
  assert.deepEqual([figures.failed, figures.ratePerSecond], [50, 0]);
  assert.deepEqual([figures.latencyMs, figures.serviceMs], [null, null]);
});

test('answers of the wrong status are failures, and do not count as quick', async (t) => {
  let count = 0;
  const service = await startLoadedService(t, (_request, response) => {
    count += 1;
    response.writeHead(count % 5 === 0 ? 503 : 200).end('a body that nobody keeps');
  });

  const { figures } = await load(aLoadTarget(service.url));

  assert.deepEqual(figures.failures, { 'status 503': 10 });
  assert.deepEqual(figures.statuses, { '200': 40, '503': 10 });
  assert.ok(figures.ratePerSecond <= 160);
});

test('a request that is never answered has failed when its time is over', async (t) => {
  const service = await startLoadedService(t, () => undefined);

  const { figures, isComplete } = await load(aLoadTarget(service.url, { timeoutMs: 100 }));

  assert.ok(isComplete);
  assert.deepEqual(figures.failures, { timeout: 50 });
  assert.ok((figures.latencyMs?.p50 ?? 0) >= 100);
});

test('who waits for a connection that hangs gets another one when that is given up', async (t) => {
  let first = true;
  const service = await startLoadedService(t, (_request, response) => {
    if (!first) response.end('ok');
    first = false;
  });

  const { figures } = await load(aLoadTarget(service.url, { timeoutMs: 150, connectionsMax: 1 }));

  assert.deepEqual(Object.keys(figures.failures), ['timeout']);
  assert.ok(figures.failed < 50);
  assert.ok(service.connections() > 1);
});

test('requests that wait in vain for a connection time out, too', async (t) => {
  const service = await startLoadedService(t, () => undefined);

  const { figures } = await load(aLoadTarget(service.url, { timeoutMs: 100, connectionsMax: 1 }));

  assert.deepEqual(figures.failures, { timeout: 50 });
  assert.ok(figures.own.waited > 0);
});

test('a stall is in the latency of all that it delays, and in the service time of one', async (t) => {
  let first = true;
  const service = await startLoadedService(t, (_request, response) => {
    // Longer than the whole load: everything is due before it is over.
    setTimeout(() => response.end('ok'), first ? 450 : 0);
    first = false;
  });

  const { figures } = await load(aLoadTarget(service.url, { connectionsMax: 1 }));

  assert.equal(figures.failed, 0);
  assert.equal(figures.own.waited, 49);
  // The last one was due 250 ms after the first at most.
  assert.ok((figures.latencyMs?.p50 ?? 0) >= 200);
  assert.ok((figures.serviceMs?.max ?? 0) >= 449);
  assert.ok((figures.serviceMs?.p50 ?? Infinity) < (figures.latencyMs?.p50 ?? 0));
});

const breakages: Readonly<Record<string, readonly [answer: string, kind: string]>> = {
  'is cut off': ['HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', 'reset'],
  'is none': ['', 'reset'],
  'is no HTTP': ['SSH-2.0-OpenSSH_9.2\r\n\r\n', 'malformed answer'],
};

for (const [what, [answer, kind]] of Object.entries(breakages)) {
  test(`an answer that ${what} is a failure`, async (t) => {
    const server = await startRawServer((socket) => socket.end(answer));
    t.after(() => server.close());

    const { figures } = await load(aLoadTarget(new URL(`http://127.0.0.1:${server.port}/`)), {
      durationMs: 50,
    });

    assert.deepEqual(figures.failures, { [kind]: 10 });
  });
}

test('a load that is stopped ends at once, and says that it is not whole', async (t) => {
  const stop = new AbortController();
  const service = await startLoadedService(t, (_request, response) => {
    response.end('ok');
    stop.abort();
  });

  const { figures, isComplete } = await load(
    aLoadTarget(service.url),
    { durationMs: 3_600_000 },
    { signal: stop.signal },
  );

  assert.equal(isComplete, false);
  assert.ok(figures.requests < 1_000);
});
