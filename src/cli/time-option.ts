/** A moment to come, given as an option. */
import { momentOption } from './moment-option.ts';
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

/** In the form that the server takes. */
export function timeOption(option: string, text: string, nowMs: number): string {
  const ms = momentOption(option, text);
  if (ms <= nowMs) throw usageError(`${option} ${quoted(text)} is not in the future.`);
  return new Date(ms).toISOString();
}
