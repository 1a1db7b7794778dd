import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Lease } from '../core/model/routing.ts';
import { headerIn, stickyKeyOf } from './sticky-key.ts';

/** The trace id of a `traceparent` (W3C Trace Context): version, 32 digits of the id, and more. */
const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/**
 * Who makes the request, as far as that can be told: whom the configured header names, or by what the
 * client stays with its release, or the trace that the request belongs to, over all attempts of the
 * client, or else the connection that it came on. A client may say what it likes here: with ever new
 * names its failures count one by one, and with one name for all as one, beside limits that count all.
 */
export function callerOf(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  rules: Pick<Lease, 'assignment' | 'callerHeader'> | null,
): unknown {
  const name = rules && nameIn(headers, rules);
  if (name) return name;
  const { traceparent } = headers;
  const trace = typeof traceparent === 'string' ? TRACE_ID.exec(traceparent)?.[1] : undefined;
  return trace ?? socket;
}

function nameIn(
  headers: IncomingHttpHeaders,
  { callerHeader, assignment }: Pick<Lease, 'assignment' | 'callerHeader'>,
): string | null {
  const named = callerHeader === undefined ? undefined : headerIn(headers, callerHeader);
  if (named !== undefined && named !== '') return named;
  return assignment === undefined ? null : stickyKeyOf(headers, assignment);
}
