import { readOptions, wholeNumber } from '../command-line/read-options.ts';
import { WrongOption } from '../command-line/wrong-option.ts';
import { strikeKinds, type StrikeKind } from './blow.ts';
import { victims, type Victim } from './victim.ts';

export interface CrashOptions {
  readonly strikes: readonly StrikeKind[];
  readonly victims: readonly Victim[];
  readonly steps: readonly string[] | 'all';
  /** On the wires: all points of each step, or one. */
  readonly points: 'sample' | 'all';
  /** Draws the moments and the ways, and what the clients ask for. */
  readonly seed: number;
  /** Of the clients. */
  readonly requestsPerSecond: number;
  /** Instead of the matrix: a drawn strike in each of at least so many rollouts; 0 for the matrix. */
  readonly rollouts: number;
  /** At least so many requests as well. */
  readonly requests: number;
  /** Where a long run keeps what it has seen, and goes on from. */
  readonly recordPath: string | null;
  readonly json: boolean;
  /** Instead of the matrix: how long a candidate keeps its traffic without a controller. */
  readonly lease: boolean;
  /** Tells every run as if it had failed. */
  readonly verbose: boolean;
}

export function crashOptions(args: readonly string[]): CrashOptions {
  const values = readOptions(
    {
      strikes: { type: 'string', default: strikeKinds.join(',') },
      victims: { type: 'string', default: victims.join(',') },
      steps: { type: 'string', default: 'all' },
      points: { type: 'string', default: 'sample' },
      seed: { type: 'string', default: '1' },
      rate: { type: 'string', default: '120' },
      rollouts: { type: 'string', default: '0' },
      requests: { type: 'string', default: '0' },
      record: { type: 'string' },
      json: { type: 'boolean', default: false },
      lease: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
    [...args],
  );
  const requestsPerSecond = wholeNumber('rate', values.rate);
  if (requestsPerSecond === 0) throw new WrongOption('--rate takes a number above 0');
  const rollouts = wholeNumber('rollouts', values.rollouts);
  if (rollouts === 0 && (values.requests !== '0' || values.record !== undefined)) {
    throw new WrongOption('--requests and --record are of the long run: say how many --rollouts');
  }
  return {
    strikes: values.strikes.split(',').map((name) => known('strikes', strikeKinds, name)),
    victims: values.victims.split(',').map((name) => known('victims', victims, name)),
    steps: values.steps === 'all' ? 'all' : values.steps.split(','),
    points: known('points', ['sample', 'all'], values.points),
    seed: wholeNumber('seed', values.seed),
    requestsPerSecond,
    rollouts,
    requests: wholeNumber('requests', values.requests),
    recordPath: values.record ?? null,
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
