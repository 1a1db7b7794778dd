/** A duration given as an option, in milliseconds. */
import { parseDuration } from '../core/model/duration.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export function durationOption(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw usageError(
    `${option} ${quoted(text)} is not a duration; write it like 500ms, 10s, 5m or 1h.`,
  );
}
