import { escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';

/** Of what is valid, and yet may not be what was meant. */
export function warningLines(warnings: readonly string[], paint: Paint): readonly string[] {
  return warnings.map((text) => paint.warn(escapeText(`! ${text}`)));
}
