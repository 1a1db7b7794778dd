/**
 * Refuses what llhttp lets pass but two servers could read in two ways. What it refuses is answered
 * with 400 and the connection is closed, so that nothing can hide behind it.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestLimits } from '../core/model/request-limits.ts';

const HOST_PATTERN = /^(?:[A-Za-z0-9._~%!$&'()*+;=-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const ORIGIN_FORM = /^\/[\x21-\x22\x24-\x7e\x80-\xff]*$/;
const ABSOLUTE_FORM = /^http:\/\/([^/?#]+)(.*)$/i;

export type RequestCheck =
  | { readonly kind: 'ok'; readonly path: string; readonly hasBody: boolean }
  | { readonly kind: 'refused'; readonly status: RefusalStatus; readonly reason: string };

type RefusalStatus = 400 | 405 | 413 | 414 | 431;

export function checkRequest(request: IncomingMessage, limits: RequestLimits): RequestCheck {
  const { method, url, rawHeaders } = request;
  if (method === undefined || url === undefined) return refused(400, 'no request line');
  if (method === 'TRACE' || method === 'CONNECT') return refused(405, `${method} is not served`);
  const { headersMax, headBytesMax, targetBytesMax, bodyBytesMax } = limits;
  if (rawHeaders.length > headersMax * 2) return refused(431, `more than ${headersMax} headers`);
  if (url.length > targetBytesMax)
    return refused(414, `the target is over ${targetBytesMax} bytes`);
  const headers = checkHeaders(request);
  if (typeof headers === 'string') return refused(400, headers);
  if (headers.bytes > headBytesMax) return refused(431, `the head is over ${headBytesMax} bytes`);
  const path = originFormOf(url, headers.host);
  if (path === null) return refused(400, 'the target is not valid');
  if (headers.declaredBytes > bodyBytesMax) {
    return refused(413, `the body is over ${bodyBytesMax} bytes`);
  }
  return { kind: 'ok', path, hasBody: headers.hasBody };
}

function checkHeaders(
  request: IncomingMessage,
): string | { host: string | null; hasBody: boolean; bytes: number; declaredBytes: number } {
  const { rawHeaders } = request;
  let host: string | null = null;
  let length: string | null = null;
  let coding: string | null = null;
  let bytes = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1] ?? '';
    bytes += name.length + value.length + 4;
    // Only names of these lengths matter; most headers are passed over without being copied.
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (host !== null) return 'more than one host';
      if (!HOST_PATTERN.test(value)) return 'the host is not valid';
      host = value;
    } else if (name.length === 14 && name.toLowerCase() === 'content-length') {
      if (length !== null) return 'more than one content-length';
      if (!/^\d{1,15}$/.test(value)) return 'the content-length is not valid';
      length = value;
    } else if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
      if (coding !== null) return 'more than one transfer-encoding';
      if (value.toLowerCase() !== 'chunked') return 'the transfer-encoding is not chunked';
      coding = value;
    }
  }
  if (host === null && request.httpVersion !== '1.0') return 'no host';
  if (coding !== null && length !== null) return 'content-length with transfer-encoding';
  if (coding !== null && request.httpVersion === '1.0') return 'transfer-encoding in HTTP/1.0';
  const declaredBytes = length === null ? 0 : Number(length);
  return { host, hasBody: coding !== null || declaredBytes > 0, bytes, declaredBytes };
}

/** The path and query to send on; null for a target that is not valid or names another host. */
function originFormOf(target: string, host: string | null): string | null {
  if (target.startsWith('/')) return ORIGIN_FORM.test(target) ? target : null;
  const match = ABSOLUTE_FORM.exec(target);
  if (match === null) return null;
  const [, authority, rest] = match;
  if (authority?.toLowerCase() !== host?.toLowerCase()) return null;
  const path = rest?.startsWith('/') === true ? rest : `/${rest ?? ''}`;
  return ORIGIN_FORM.test(path) ? path : null;
}

function refused(status: RefusalStatus, reason: string): RequestCheck {
  return { kind: 'refused', status, reason };
}
