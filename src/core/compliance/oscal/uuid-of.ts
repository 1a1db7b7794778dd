/** Names that are the same whenever they stand for the same: version 5 of RFC 9562. */
import { createHash } from 'node:crypto';
import { invariant } from '../../invariant.ts';

/** Of all that Surefoot names so. */
const NAMESPACE = '7b0c3c5e-0f0d-5b0b-9f5c-1f6b6d3f9a51';

export function uuidOf(name: string, namespace = NAMESPACE): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  const [sixth, eighth] = [bytes[6], bytes[8]];
  invariant(sixth !== undefined && eighth !== undefined, 'SHA-1 has 20 bytes');
  bytes[6] = (sixth & 0x0f) | 0x50;
  bytes[8] = (eighth & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}
