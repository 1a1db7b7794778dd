import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { until } from '../../../test/support/until.ts';
import { aMessage } from './postgres-message-builder.ts';
import { createMessageCutter } from './postgres-messages.ts';
import { tapPostgres, type StatementFate, type TappedStatement } from './postgres-tap.ts';

const PID = 4711;

interface Wire {
  /** Types of what each side has received. */
  readonly server: string[];
  readonly client: string[];
  say(...messages: readonly Buffer[]): void;
  isClosed(): boolean;
}

/** A client that has said hello through a tap to a server that answers every sync. */
async function tapped(
  t: TestContext,
  fateOf: (statement: TappedStatement) => StatementFate,
): Promise<Wire> {
  const folder = await mkdtemp(join(tmpdir(), 'sf-'));
  const path = join(folder, 's');
  const seen = { server: [] as string[], client: [] as string[], isClosed: false };
  const server = createServer((socket) => {
    const cutter = createMessageCutter(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      for (const { type } of cutter.cut(chunk)) {
        seen.server.push(type);
        const pid = Buffer.alloc(4);
        pid.writeInt32BE(PID);
        if (type === '') socket.write(aMessage('K', pid.toString('latin1')));
        if (type === 'S') socket.write(Buffer.concat([aMessage('C', ''), aMessage('Z', 'I')]));
      }
    });
  }).listen(path);
  await once(server, 'listening');
  const tap = await tapPostgres(path, fateOf);
  const client = connect(path);
  const cutter = createMessageCutter(false);
  client.on('error', () => undefined);
  client.on('close', () => (seen.isClosed = true));
  client.on('data', (chunk: Buffer) => {
    seen.client.push(...cutter.cut(chunk).map(({ type }) => type));
  });
  t.after(async () => {
    client.destroy();
    await tap.close();
    server.close();
    await rm(folder, { recursive: true });
  });
  client.write(aMessage('', 'hello'));
  await until('the client is known', () => seen.client.includes('K'));
  return {
    ...seen,
    say: (...messages) => client.write(Buffer.concat(messages)),
    isClosed: () => seen.isClosed,
  };
}

const statement = [aMessage('P', 'update'), aMessage('B', 'shift-20'), aMessage('S', '')];

test('what nobody strikes at passes as it is, whole statement by whole statement', async (t) => {
  const texts: string[] = [];
  const wire = await tapped(t, ({ text, backendPid }) => {
    texts.push(`${backendPid} ${text.replace(/[^\w-]+/g, ' ')}`);
    return { kind: 'pass' };
  });

  wire.say(...statement);

  await until('it is answered', () => wire.client.includes('Z'));
  assert.deepEqual(wire.server, ['', 'P', 'B', 'S']);
  assert.equal(texts.length, 1);
  assert.match(texts[0] ?? '', /^4711 .*update.*shift-20/);
});

test('of a statement that is withheld the server has not a byte', async (t) => {
  let asked = 0;
  const wire = await tapped(t, () => {
    asked += 1;
    return { kind: 'withhold' };
  });

  wire.say(...statement, ...statement);

  await until('it came', () => asked === 1);
  assert.deepEqual(wire.server, ['']);
});

test('an answer that is kept was given in full, and the client has not a byte of it', async (t) => {
  const answered = Promise.withResolvers<null>();
  const wire = await tapped(t, (said) => ({
    kind: 'keep-answer',
    answered() {
      said.cut();
      answered.resolve(null);
    },
  }));

  wire.say(...statement);

  await answered.promise;
  await until('the client finds the connection cut', wire.isClosed);
  assert.deepEqual(wire.server, ['', 'P', 'B', 'S']);
  assert.deepEqual(wire.client, ['K']);
});
