import { parseArgs, type ParseArgsConfig } from 'node:util';
import { WrongOption } from './wrong-option.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Throws `WrongOption` for what is no option, or has no value where it needs one. */
export function readOptions<Given extends Options>(options: Given, args = process.argv.slice(2)) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const known = Object.keys(options).map((option) => `--${option}`);
    const why = error instanceof Error ? error.message : String(error);
    throw new WrongOption(`${why}\nThere are: ${known.join(', ')}`);
  }
}

export function wholeNumber(option: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new WrongOption(`--${option} takes a whole number, not "${text}"`);
}
