/** The bad answers that the edge gives itself, and how it gives them. */
import type { IncomingMessage } from 'node:http';
import type { EdgeResponse } from './edge-response.ts';
import { lingerOnClose } from './linger-on-close.ts';

export type EdgeError = readonly [status: 400 | 408 | 413 | 502 | 503 | 504, text: string];

export const NOT_SENDABLE: EdgeError = [400, 'The request cannot be passed on.'];
export const MALFORMED: EdgeError = [400, 'The request is malformed.'];
export const CLIENT_STALLED: EdgeError = [408, 'The request body did not arrive.'];
export const BODY_TOO_LARGE: EdgeError = [413, 'The request body is too large.'];
export const BROKEN: EdgeError = [502, 'The service broke the connection.'];
export const HEAD_TOO_LARGE: EdgeError = [
  502,
  'The service answered with a head that is too large.',
];
export const NO_ENDPOINT: EdgeError = [503, 'The service is not available.'];
export const LATE: EdgeError = [504, 'The service did not answer in time.'];

export function sendEdgeError(
  response: EdgeResponse,
  message: IncomingMessage,
  [statusCode, text]: EdgeError,
): void {
  const body = `${text}\n`;
  const headers = [
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    String(body.length),
  ];
  if (statusCode === 503) headers.push('retry-after', '1');
  if (!message.complete) {
    headers.push('connection', 'close');
    // Whoever still sends must not be reset before it reads the answer.
    lingerOnClose(message.socket);
    message.resume();
  }
  response.writeHead(statusCode, headers);
  response.end(body);
}
