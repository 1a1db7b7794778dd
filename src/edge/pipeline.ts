/**
 * Requests that a client sends before it has the answers to those before them: each begins when the one before it has
 * been answered and the answer was taken, so that a client which does not read costs no more than one answer.
 */
import type { Socket } from 'node:net';
import type { EdgeResponse } from './edge-response.ts';
import type { Exchange } from './exchange.ts';

/** More than any client sends that reads what it gets. */
const WAITING_MAX = 100;
const NS_PER_MS = 1_000_000n;

export interface Begun {
  readonly exchange: Exchange;
  readonly response: EdgeResponse;
}

export interface Pipeline extends Socket {
  /** The newest that has begun. */
  begun?: Begun;
  /** Those behind it. */
  waiting?: Begun[];
  /** An answer that is whole, of which so much is left since then. */
  unread?: { readonly response: EdgeResponse; readonly left: number; readonly sinceNs: bigint };
}

/** Of all that were taken up, begun or not. */
export function newestOf({ waiting, begun }: Pipeline): Begun | undefined {
  return waiting?.at(-1) ?? begun;
}

/** Starts it now or in its turn. False when it is the last that is taken up on the connection. */
export function inTurn(socket: Pipeline, next: Begun): boolean {
  const { begun } = socket;
  const waiting = (socket.waiting ??= []);
  if (begun === undefined || (waiting.length === 0 && begun.response.writableFinished)) {
    start(socket, next);
    return true;
  }
  const count = waiting.push(next);
  if (count === 1) startBehind(socket, begun);
  return count < WAITING_MAX;
}

function startBehind(socket: Pipeline, { response }: Begun): void {
  response.once('finish', () => {
    const next = socket.waiting?.shift();
    if (next === undefined) return;
    if (socket.waiting?.length !== 0) startBehind(socket, next);
    start(socket, next);
  });
}

function start(socket: Pipeline, begun: Begun): void {
  socket.begun = begun;
  begun.exchange.start();
}

/** Cuts off a client that has taken nothing of an answer for so long. Whole, it is no attempt's concern any more. */
export function endUnread(socket: Pipeline, nowNs: bigint, idleTimeoutMs: number): void {
  const response = socket.begun?.response;
  if (!response?.writableEnded || response.writableFinished) {
    delete socket.unread;
    return;
  }
  const { unread, writableLength: left } = socket;
  if (unread?.response !== response || unread.left !== left) {
    socket.unread = { response, left, sinceNs: nowNs };
  } else if (nowNs - unread.sinceNs >= BigInt(idleTimeoutMs) * NS_PER_MS) socket.destroy();
}
