/** An error for people: what failed, what it may have changed, what to do. */
import { failures, type Failure } from '../../core/failures.ts';
import { escapeLines, escapeText } from './escape-text.ts';
import type { Paint } from './paint.ts';

export function failureLines(failure: Failure, paint: Paint): string[] {
  const [first = '', ...others] = escapeLines(failure.message);
  return [
    paint.bad(`error: ${first}`),
    ...others.map((line) => `  ${line}`),
    ...(failure.effect === 'none' ? [] : [`  effect: ${failure.effect}`]),
    `  code: ${failure.code}`,
    escapeText(`  remedy: ${failures[failure.code].remedy}`),
  ];
}
