import { showNumber } from './show-number.ts';

/** `1 request`, `12,345 requests`; the plural only where an `s` does not make it. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${showNumber(count)} ${count === 1 ? singular : plural}`;
}
