/**
 * Stands between an agent's callers and its control socket. Passes every call on, and lets a listener
 * hold back a call or its answer.
 */
import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Tap } from './postgres-tap.ts';

export interface TappedCall {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
}

export type CallFate =
  | { readonly kind: 'pass' }
  /** Not a byte of it is passed on. */
  | { readonly kind: 'withhold' }
  /** Passed on; `answered` is called when the agent has answered in full, of which nothing is passed on. */
  | { readonly kind: 'keep-answer'; readonly answered: () => void }
  /** Passed on, and so is the answer; `told` is called when the caller has it. */
  | { readonly kind: 'tell'; readonly told: () => void };

/** Takes the place of `socketPath`, until it is closed. */
export async function tapAgent(
  socketPath: string,
  fateOf: (call: TappedCall) => CallFate,
): Promise<Tap> {
  const direct = `${socketPath}.direct`;
  const server = createServer((call, answer) => {
    void pass(direct, { call, answer }, fateOf).catch(() => answer.destroy());
  });
  await rename(socketPath, direct);
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await rename(direct, socketPath);
    },
  };
}

async function pass(
  socketPath: string,
  { call, answer }: { readonly call: IncomingMessage; readonly answer: ServerResponse },
  fateOf: (call: TappedCall) => CallFate,
): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = call;
  const body = await bytesOf(call);
  const fate = fateOf({ method, path });
  if (fate.kind === 'withhold') return;
  const outgoing = request({ socketPath, method, path, headers, agent: false });
  answer.once('close', () => outgoing.destroy());
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  if (fate.kind === 'keep-answer') {
    await bytesOf(incoming);
    fate.answered();
    return;
  }
  answer.writeHead(incoming.statusCode ?? 500, incoming.headers);
  incoming.on('error', () => answer.destroy());
  incoming.pipe(answer);
  if (fate.kind !== 'tell') return;
  await once(answer, 'finish');
  fate.told();
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
