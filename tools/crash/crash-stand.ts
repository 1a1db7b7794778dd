/** A newsroom stand under load, with a rollout quick enough to be deployed a hundred times. */
import { join } from 'node:path';
import { startLoadProcess } from '../load/start-load-process.ts';
import { readHistory, type History } from '../load/history.ts';
import {
  openNewsroomStand,
  standRollout,
  type NewsroomStand,
  type RolloutFigures,
} from '../stand/newsroom-stand.ts';
import { FREEZE_LEASE_MS, type StrikeKind } from './blow.ts';
import { openWireTap, type WireTap } from './wire/wire-tap.ts';

/** All steps together still hold for longer than a request may wait. */
export const crashRollout: RolloutFigures = {
  ...standRollout,
  holdFor: '1400ms',
  minSamples: 40,
  drain: '1s',
  probeEvery: '50ms',
  // Of no matter here: a busy machine must not make a good release a bad one.
  latencyMax: '2s',
};

/** A freeze that is longer than the lease need not be long. */
const freezeRollout: RolloutFigures = { ...crashRollout, lease: `${FREEZE_LEASE_MS}ms` };

export interface CrashStand extends NewsroomStand {
  /** Between the server and what it talks to; null where only processes are struck. */
  readonly tap: WireTap | null;
  /** Requests and sessions that have failed, or whose end nobody knows, until now. */
  clientErrors(): Promise<number>;
  /** Ends the load and reads what all clients saw, and whether what they wrote is there once. */
  endLoad(): Promise<ClientRecord>;
}

export interface ClientRecord {
  readonly history: History;
  readonly isEveryWriteThere: boolean;
}

export function rolloutFor(kind: StrikeKind): RolloutFigures {
  return kind === 'freeze' ? freezeRollout : crashRollout;
}

export interface CrashStandOptions {
  readonly rollout?: RolloutFigures;
  readonly requestsPerSecond?: number;
  readonly seed?: number;
  /** What the load client asks for. */
  readonly mix?: string;
  readonly hasTap?: boolean;
}

const loadClient = new URL('../load/load-client.ts', import.meta.url).pathname;
const LOAD_SECONDS_MAX = 7_200;

/** Runs 1.0 under load when it resolves. */
export async function openCrashStand(options: CrashStandOptions = {}): Promise<CrashStand> {
  const { rollout = crashRollout, requestsPerSecond = 120, seed = 1, mix = 'newsroom' } = options;
  const stand = await openNewsroomStand(rollout);
  try {
    const up = await stand.surefoot(['up']);
    if (up.exitCode !== 0) throw new Error(`up failed: ${up.stderr}`);
    const first = await stand.deploy('1.0');
    if (first.outcome !== 'promoted') throw new Error(`1.0 was ${first.outcome}.`);
    const historyPath = join(stand.directory.logs, 'load.ndjson');
    const load = await startLoadProcess(loadClient, [
      ...['--url', stand.url, '--rate', String(requestsPerSecond), '--seed', String(seed)],
      ...['--duration', String(LOAD_SECONDS_MAX), '--sse', '2', '--ws', '2'],
      ...['--mix', mix, '--out', historyPath, '--verify'],
    ]);
    const tap = options.hasTap === true ? await openWireTap(stand) : null;
    return {
      ...stand,
      tap,
      async clientErrors() {
        const { failed, unknown } = await load.count();
        return failed + unknown;
      },
      async endLoad() {
        load.stop();
        const { verification } = await load.done;
        const history = await readHistory(historyPath);
        return { history, isEveryWriteThere: verification?.holds === true };
      },
      async close() {
        load.kill();
        await tap?.close();
        await stand.close();
      },
    };
  } catch (error) {
    await stand.close();
    throw error;
  }
}
