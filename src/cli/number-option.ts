/** A whole number given as an option. */
import { quoted } from './render/escape-text.ts';
import { usageError } from './usage-error.ts';

export function numberOption(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${option} ${quoted(text)} is not a whole number from ${least} to ${most}.`);
}
