/** A moment, given as an option; with its offset, for a server may be elsewhere. */
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

const RFC3339 =
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?$/;

/** In milliseconds since 1970. */
export function momentOption(option: string, text: string): number {
  const match = RFC3339.exec(text);
  const ms = match ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!match || Number.isNaN(ms)) {
    throw usageError(`${option} ${quoted(text)} is no time; write it like 2026-12-01T09:00+01:00.`);
  }
  if (match[1] === undefined) {
    throw usageError(`${option} ${quoted(text)} says no offset; add one, like ${text}Z or +01:00.`);
  }
  return ms;
}
