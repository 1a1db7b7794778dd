/** Options of the simulation's commands: what is wrong with them is said in one line, with exit code 2. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Scenario } from '../../test/simulation/scenario.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

export function readOptions<Given extends Options>(options: Given) {
  try {
    return parseArgs({ options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && text.trim() !== '') return value;
  return refuse(`--${name} takes a whole number, not "${text}".`);
}

/** As a failed run prints it. */
export function scenarioOf(text: string): Scenario {
  try {
    const { seed, release, faults } = JSON.parse(text) as Scenario;
    if (Number.isSafeInteger(seed) && typeof release === 'string' && Array.isArray(faults)) {
      return { seed, release, faults };
    }
  } catch {
    // Said below, with what was given.
  }
  return refuse(`--scenario takes what a failed run has printed, not "${text}".`);
}

export function refuse(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
