/** Which headers belong to one connection only and must not be passed on (RFC 9110, section 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Naming one of these in `connection` must not take it away from the server. */
const NEVER_NAMED: ReadonlySet<string> = new Set(['host', 'content-length', 'via']);

export function isHopByHop(lowerCaseName: string): boolean {
  return HOP_BY_HOP.has(lowerCaseName);
}

/** Names that a `connection` header declares to be for this connection only; null for none. */
export function namedByConnection(value: string): readonly string[] | null {
  const text = value.toLowerCase();
  if (text === 'keep-alive' || text === 'close' || text === 'upgrade') return null;
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !NEVER_NAMED.has(name));
  return names.length === 0 ? null : names;
}
