/**
 * Requests on their connections. What finds every connection busy waits for one, and its time runs: from the moment that it
 * is due it has as much of it as every other.
 */
import type { Dispatcher } from 'undici';
import { newConnections, type Connection, type Connections } from './connections.ts';
import { exchangeHandler, newExchange, type Exchange } from './exchange.ts';
import { TIMEOUT } from './failure-kind.ts';
import { newQueue, type Queue } from './queue.ts';
import { countEnd, type LoadRecord } from './load-record.ts';
import type { LoadTarget } from './load-target.ts';

export interface Sender {
  readonly target: LoadTarget;
  readonly request: Dispatcher.DispatchOptions;
  readonly connections: Connections;
  readonly nowMs: () => number;
  /** As they were due; some of them may have ended. */
  readonly open: Queue<Exchange>;
  readonly waiting: Queue<Exchange>;
}

export function newSender(target: LoadTarget, nowMs: () => number): Sender {
  return {
    ...{ target, nowMs, request: requestOf(target) },
    connections: newConnections(target.url.origin, target),
    ...{ open: newQueue(), waiting: newQueue() },
  };
}

function requestOf({ url, method, headers, body }: LoadTarget): Dispatcher.DispatchOptions {
  return {
    path: `${url.pathname}${url.search}`,
    // Any token will do.
    method,
    ...{ headers: [...headers], body },
  };
}

export function takeUp(sender: Sender, dueMs: number, record: LoadRecord): void {
  const exchange = newExchange(dueMs, record);
  record.open += 1;
  record.lag.record(sender.nowMs() - dueMs);
  sender.open.add(exchange);
  sender.waiting.add(exchange);
  if (!sendNext(sender)) record.waited += 1;
}

/** False when somebody waits on, since all connections are busy. */
function sendNext(sender: Sender): boolean {
  const { waiting, connections } = sender;
  for (let next = waiting.first(); next !== null; next = waiting.first()) {
    const connection = next.hasEnded ? null : connections.take();
    if (!next.hasEnded && connection === null) return false;
    waiting.removeFirst();
    if (connection !== null) send(sender, next, connection);
  }
  return true;
}

function send(sender: Sender, exchange: Exchange, connection: Connection): void {
  exchange.connection = connection;
  const handler = exchangeHandler(exchange, sender.nowMs, (failure) => {
    // Given up before, and the connection with it.
    if (exchange.connection === null) return;
    exchange.connection = null;
    end(sender, exchange, failure);
    sender.connections.give(connection);
    handOver(sender, exchange);
  });
  connection.client.dispatch(sender.request, handler);
}

/** Ends what is overdue; its connection, which is in an unknown state, is ended with it. */
export function giveUpOverdue(sender: Sender): void {
  const { open, connections, target } = sender;
  const now = sender.nowMs();
  for (let first = open.first(); first !== null; first = open.first()) {
    if (!first.hasEnded && first.dueMs + target.timeoutMs > now) return;
    open.removeFirst();
    if (first.hasEnded) continue;
    const { connection } = first;
    first.connection = null;
    end(sender, first, TIMEOUT);
    if (connection === null) continue;
    connections.drop(connection);
    handOver(sender, first);
  }
}

function end({ target, nowMs }: Sender, exchange: Exchange, failure: string | null): void {
  exchange.hasEnded = true;
  const { record, dueMs, sentMs, status } = exchange;
  countEnd(record, { dueMs, sentMs, status, failure, nowMs: nowMs(), isGood: target.isGood });
}

/** The connection of one that has ended, to who waits for it. */
function handOver(sender: Sender, { sentMs }: Exchange): void {
  const next = sender.waiting.first();
  if (next && sentMs !== null) next.record.waitedFor.record(sender.nowMs() - sentMs);
  sendNext(sender);
}
