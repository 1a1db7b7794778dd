/**
 * JSON with one spelling per value, so that equal values have equal digests: keys in code unit
 * order, no white space (RFC 8785 for what Surefoot digests: no value that JSON cannot hold).
 */
import { invariant } from './invariant.ts';

/** Keys whose value is undefined are left out, as JSON.stringify does. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number')
    invariant(Number.isFinite(value), 'JSON holds finite numbers only');
  if (value === null || typeof value !== 'object') {
    const text = JSON.stringify(value) as string | undefined;
    invariant(text !== undefined, `JSON cannot hold a ${typeof value}`);
    return text;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
