/** Colours and signs, by what the terminal and its user can take. */
import { styleText } from 'node:util';
import type { CliEnvironment, OutputStream } from '../cli-environment.ts';

export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

export function createPaint(isColoured: boolean): Paint {
  const styled = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    // What to do was decided already, and not by the stream of this process.
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  return {
    good: styled('green'),
    bad: styled('red'),
    warn: styled('yellow'),
    faint: styled('dim'),
    strong: styled('bold'),
  };
}

/** FORCE_COLOR wins over NO_COLOR, both over what the stream is. */
export function wantsColour(env: CliEnvironment['env'], stream: OutputStream): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Lines that change in place need a terminal that can, and somebody who looks at it. */
export function wantsLive(env: CliEnvironment['env'], stream: OutputStream): boolean {
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  return stream.isTTY === true && env['TERM'] !== 'dumb' && !isSet('CI') && !isSet('NO_COLOR');
}

export interface Signs {
  readonly passed: string;
  readonly failed: string;
  readonly running: string;
  /** For charts, from low to high. */
  readonly chart: readonly string[];
}

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII_CHART = ['.', ':', '-', '=', '+', '*', '#', '@'];

export function signsFor(env: CliEnvironment['env']): Signs {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(Boolean) ?? '';
  const isUnicode = /utf-?8/i.test(locale);
  // Whoever asks for plain text gets it; many of their readers draw blocks badly, or not at all.
  const isPlain = env['TERM'] === 'dumb' || Boolean(env['NO_COLOR']);
  return {
    ...(isUnicode
      ? { passed: '✓', failed: '✗', running: '›' }
      : { passed: 'ok', failed: 'FAILED', running: '>' }),
    chart: isUnicode && !isPlain ? BLOCKS : ASCII_CHART,
  };
}
