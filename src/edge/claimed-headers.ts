/**
 * Headers that say how a client came. A terminator of TLS on this machine knows; anybody else may only
 * claim it, and an instance that believes them would take its word.
 */
const CLAIMED: ReadonlySet<string> = new Set([
  'forwarded',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-scheme',
  'x-forwarded-ssl',
]);

export function isClaimed(lowerCaseName: string): boolean {
  return CLAIMED.has(lowerCaseName);
}

/** Backends in the manner of CGI read `_` as `-`: such a spelling is for them alone, and never meant well. */
export function isDisguisedClaim(lowerCaseName: string): boolean {
  return lowerCaseName.includes('_') && CLAIMED.has(lowerCaseName.replaceAll('_', '-'));
}
