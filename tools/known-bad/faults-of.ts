import { WrongOption } from '../command-line/wrong-option.ts';
import { knownBad, type KnownBad } from './known-bad.ts';

/** Those that these checks are meant to find; all when none is named. Throws `WrongOption` for another name. */
export function faultsOf(checks: readonly string[]): readonly KnownBad[] {
  if (checks.length === 0) return knownBad;
  const known = [...new Set(knownBad.map(({ check }) => check))];
  const unknown = checks.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new WrongOption(`No fault is for "${unknown}" to find. There are: ${known.join(', ')}`);
  }
  return knownBad.filter(({ check }) => checks.includes(check));
}
