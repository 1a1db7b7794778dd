import type { IncomingMessage } from 'node:http';

/** The trace id of a `traceparent` (W3C Trace Context): version, 32 digits of the id, and more. */
const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/**
 * Who makes the request, as far as that can be told: the trace that it belongs to, over all attempts of
 * the client, or else the connection that it came on. A client may say what it likes here: with ever new
 * traces its failures count one by one, and with one trace for all as one, beside limits that count all.
 */
export function callerOf({
  headers,
  socket,
}: Pick<IncomingMessage, 'headers' | 'socket'>): unknown {
  const { traceparent } = headers;
  const trace = typeof traceparent === 'string' ? TRACE_ID.exec(traceparent)?.[1] : undefined;
  return trace ?? socket;
}
