import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../../test/support/until.ts';
import { askSocket } from '../ask-socket.ts';
import { tapAgent, type CallFate, type TappedCall } from './agent-tap.ts';

/** A socket behind a tap, and what the agent on it was asked. */
async function tapped(
  t: TestContext,
  fateOf: (call: TappedCall) => CallFate,
): Promise<{
  readonly socketPath: string;
  readonly asked: readonly string[];
  /** Nobody waits any longer for what does not come. */
  hangUp(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-'));
  const socketPath = join(folder, 's');
  const asked: string[] = [];
  const agent = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.end('{"done":true}');
    });
  }).listen(socketPath);
  await once(agent, 'listening');
  const tap = await tapAgent(socketPath, fateOf);
  let closed: Promise<void> | null = null;
  const hangUp = (): Promise<void> => (closed ??= tap.close());
  t.after(async () => {
    await hangUp();
    agent.close();
    await rm(folder, { recursive: true });
  });
  return { socketPath, asked, hangUp };
}

test('a call passes with its body, and its answer back', async (t) => {
  const seen: string[] = [];
  const { socketPath, asked } = await tapped(t, ({ method, path }) => {
    seen.push(`${method} ${path}`);
    return { kind: 'pass' };
  });

  assert.deepEqual(await askSocket(socketPath, '/v1/apply', { weight: 20 }), { done: true });
  assert.deepEqual(seen, ['POST /v1/apply']);
  assert.deepEqual(asked, ['POST /v1/apply {"weight":20}']);
});

test('a call that is withheld is not made', async (t) => {
  const came = Promise.withResolvers<null>();
  const { socketPath, asked, hangUp } = await tapped(t, () => {
    came.resolve(null);
    return { kind: 'withhold' };
  });

  const call = askSocket(socketPath, '/v1/apply', {}).catch(() => 'lost');

  await came.promise;
  assert.deepEqual(asked, []);
  await hangUp();
  assert.equal(await call, 'lost');
});

test('an answer that is kept was given, and the caller does not have it', async (t) => {
  let isAnswered = false;
  const { socketPath, asked, hangUp } = await tapped(t, () => ({
    kind: 'keep-answer',
    answered: () => (isAnswered = true),
  }));
  let heard: unknown = null;

  const call = askSocket(socketPath, '/v1/stop', {}).then(
    (answer) => (heard = answer),
    () => undefined,
  );

  await until('the agent has answered', () => isAnswered);
  assert.deepEqual(asked, ['POST /v1/stop {}']);
  await hangUp();
  await call;
  assert.equal(heard, null);
});

test('whoever wants to strike after the answer is told when the caller has it', async (t) => {
  let isTold = false;
  const { socketPath } = await tapped(t, () => ({ kind: 'tell', told: () => (isTold = true) }));

  assert.deepEqual(await askSocket(socketPath, '/v1/pools?scope=a'), { done: true });
  await until('it was told', () => isTold);
});
