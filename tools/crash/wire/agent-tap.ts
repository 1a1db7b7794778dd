/**
 * Stands between an agent's callers and its control socket. Passes every call on, and lets a listener
 * hold back a call or its answer.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { behind, takePlace, type Tap } from './take-place.ts';

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
  const server = createServer((call, answer) => {
    void pass(behind(socketPath), { call, answer }, fateOf).catch(() => answer.destroy());
  });
  return takePlace(socketPath, server, () => server.closeAllConnections());
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
