import { parseArgs } from 'node:util';
import { strikeKinds, type StrikeKind } from './blow.ts';
import { victims, type Victim } from './victim.ts';
import { WrongOption } from './wrong-option.ts';

export interface CrashOptions {
  readonly strikes: readonly StrikeKind[];
  readonly victims: readonly Victim[];
  readonly steps: readonly string[] | 'all';
  /** Draws the moments and the ways, and what the clients ask for. */
  readonly seed: number;
  readonly json: boolean;
  /** Instead of the matrix: how long a candidate keeps its traffic without a controller. */
  readonly lease: boolean;
  /** Tells every run as if it had failed. */
  readonly verbose: boolean;
}

export function crashOptions(args: readonly string[]): CrashOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      strikes: { type: 'string', default: strikeKinds.join(',') },
      victims: { type: 'string', default: victims.join(',') },
      steps: { type: 'string', default: 'all' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      lease: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0) throw new WrongOption('--seed takes a whole number');
  return {
    strikes: values.strikes.split(',').map((name) => known('strikes', strikeKinds, name)),
    victims: values.victims.split(',').map((name) => known('victims', victims, name)),
    steps: values.steps === 'all' ? 'all' : values.steps.split(','),
    seed,
    json: values.json,
    lease: values.lease,
    verbose: values.verbose,
  };
}

function known<Name extends string>(option: string, names: readonly Name[], wanted: string): Name {
  const found = names.find((name) => name === wanted);
  if (!found) throw new WrongOption(`--${option} takes ${names.join(', ')}; not "${wanted}"`);
  return found;
}
