import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/canonical-json.ts';

/** `sha256:…` over the one spelling of a JSON value. */
export function canonicalDigest(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
