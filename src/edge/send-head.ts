/** Passes the head of an endpoint's answer on to the client. */
import type { IncomingMessage } from 'node:http';
import type { EdgeResponse } from './edge-response.ts';
import { returnedHead, type ReturnedHead } from './returned-headers.ts';
import { addStickyCookie, type NewCookie } from './sticky-cookie.ts';

export interface AnswerHead {
  readonly statusCode: number;
  readonly rawHeaders: readonly Buffer[];
  readonly statusText: string;
  /** For a client that is to stay with its release and brought nothing to know it by. */
  readonly cookie: NewCookie | null;
}

/** Null when the endpoint's head cannot be passed on. */
export function sendHead(
  response: EdgeResponse,
  message: IncomingMessage,
  { statusCode, rawHeaders, statusText, cookie }: AnswerHead,
): ReturnedHead | null {
  const head = returnedHead(rawHeaders);
  const { headers, trailer, hasLength } = head;
  const isChunked = !hasLength && message.method !== 'HEAD' && message.httpVersion !== '1.0';
  if (trailer !== null && isChunked && statusCode !== 204 && statusCode !== 304) {
    headers.push('trailer', trailer);
  }
  if (cookie !== null) addStickyCookie(headers, statusCode, cookie);
  try {
    response.writeHead(statusCode, statusText, headers);
    return head;
  } catch {
    // Characters or a status that HTTP does not allow: the endpoint's fault, like a broken answer.
    return null;
  }
}
