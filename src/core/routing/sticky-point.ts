/**
 * Where a client stands between 0 and 100: below the candidate's weight is the candidate. The same key
 * stands still while the weight rises, and somewhere else in the next deployment, so that it is not
 * always the same clients who meet what is new.
 */
export function stickyPointOf(key: string, deployment: number): number {
  return (mixed(hashed(`${deployment}:${key}`)) / 2 ** 32) * 100;
}

/** FNV-1a over the code units. */
function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}

/** The last step of MurmurHash3: without it, keys that differ in their end alone stand close together. */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
