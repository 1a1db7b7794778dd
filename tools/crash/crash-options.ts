import { parseArgs } from 'node:util';
import { victims, type Victim } from './victim.ts';
import { WrongOption } from './wrong-option.ts';

export interface CrashOptions {
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
    victims: values.victims.split(',').map(victimOf),
    steps: values.steps === 'all' ? 'all' : values.steps.split(','),
    seed,
    json: values.json,
    lease: values.lease,
    verbose: values.verbose,
  };
}

function victimOf(name: string): Victim {
  const victim = victims.find((known) => known === name);
  if (!victim) throw new WrongOption(`--victims takes ${victims.join(', ')}; not "${name}"`);
  return victim;
}
