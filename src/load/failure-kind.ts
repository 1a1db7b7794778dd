/** What became of a request that got no answer, in a few words. */
export type FailureKind =
  | typeof TIMEOUT
  | 'refused'
  | 'reset'
  | 'unreachable'
  | 'unknown host'
  | 'TLS'
  | 'malformed answer'
  | typeof OWN_FAILURE
  | 'other';

/** It took longer than it may, from the moment that it was due. */
export const TIMEOUT = 'timeout';
/** This side could not open a connection: no file, no port, no memory. */
export const OWN_FAILURE = 'no file or port left';

const KINDS: readonly (readonly [codes: RegExp, kind: FailureKind])[] = [
  [/^ECONNREFUSED$/, 'refused'],
  [/^(?:UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, TIMEOUT],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET)$/, 'reset'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EACCES)$/, 'unreachable'],
  [/^(?:ENOTFOUND|EAI_\w+)$/, 'unknown host'],
  [/^(?:EMFILE|ENFILE|EADDRNOTAVAIL|EADDRINUSE|ENOBUFS|ENOMEM|EAGAIN)$/, OWN_FAILURE],
  [/^(?:HTTPParserError|UND_ERR_RES_\w+|UND_ERR_HEADERS_OVERFLOW)$/, 'malformed answer'],
  [/TLS|SSL|CERT|^UNABLE_TO_/, 'TLS'],
];

export function failureKindOf(error: unknown): FailureKind {
  const code = codeOf(error);
  return KINDS.find(([codes]) => codes.test(code))?.[1] ?? 'other';
}

/** undici's parser has a name, and no code. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
