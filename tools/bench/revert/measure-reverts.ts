/** The whole bench: real engine, real edge, real database, live traffic; only what is deployed is not. */
import { freePort } from '../../stand/free-port.ts';
import type { BenchPlace } from '../bench-place.ts';
import type { Say } from '../run-bench.ts';
import { startBenchEngine } from '../start-bench-engine.ts';
import { laneDrivers, revertKinds, stableVersion, type Lane } from './lane.ts';
import {
  revertOnce,
  revertWithoutDatabase,
  startOn,
  untilEnded,
  type Revert,
} from './revert-rounds.ts';
import { startStandIn, type StandIn } from './start-stand-in.ts';

const LANES_PER_KIND = 5;
const REQUESTS_PER_SECOND = 15;

export interface Reverts {
  readonly withDatabase: readonly Revert[];
  readonly withoutDatabase: readonly Revert[];
  /** How often PostgreSQL was stopped. */
  readonly stops: number;
}

export async function measureReverts(
  place: BenchPlace,
  perKind: number,
  say: Say,
): Promise<Reverts> {
  const standIn = startStandIn();
  try {
    const lanes = await openLanes(standIn);
    place.spawnRole('edge');
    await place.untilAnswers('edge');
    const engine = await startBenchEngine(place, laneDrivers(lanes, place.directory.root));
    for (const lane of lanes) {
      const { status } = await untilEnded(engine, await startOn(engine, lane, stableVersion));
      if (status !== 'promoted') throw new Error(`${lane.service} was not promoted: ${status}`);
    }
    await standIn.load(
      lanes.map(({ port }) => port),
      REQUESTS_PER_SECOND,
    );
    const bench = { engine, place, standIn };
    const rounds = Math.ceil(perKind / LANES_PER_KIND);
    const reverts = { withDatabase: [] as Revert[], withoutDatabase: [] as Revert[] };
    // A request to abort is a row in the database, so without it there is none.
    const withoutAborts = lanes.filter(({ kind }) => kind !== 'abort');
    for (let round = 1; round <= rounds; round += 1) {
      say(`Round ${round} of ${rounds}: with PostgreSQL, then with it stopped …`);
      reverts.withDatabase.push(...(await revertOnce(bench, lanes)));
      reverts.withoutDatabase.push(...(await revertWithoutDatabase(bench, withoutAborts)));
    }
    return { ...reverts, stops: rounds };
  } finally {
    await standIn.close();
  }
}

async function openLanes(standIn: StandIn): Promise<readonly Lane[]> {
  const count = revertKinds.length * LANES_PER_KIND;
  const upstreams = await standIn.open(count * 2);
  const lanes: Lane[] = [];
  for (let index = 0; index < LANES_PER_KIND; index += 1) {
    for (const kind of revertKinds) {
      const [stablePort = 0, candidatePort = 0] = upstreams.slice(lanes.length * 2);
      const service = `${kind}-${index}`;
      lanes.push({ service, kind, port: await freePort(), stablePort, candidatePort });
    }
  }
  return lanes;
}
