import type { ConnectDrivers } from '../../src/engine/drivers-in-use.ts';
import { startEngine, type Engine } from '../../src/engine/start-engine.ts';
import { unaskedWork } from '../../test/support/engine/unasked-work.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createLog } from '../../src/platform/log.ts';
import type { BenchPlace } from './bench-place.ts';

/** The real engine in this process; it ends with it. Only errors are told: benches stop databases. */
export function startBenchEngine(
  place: BenchPlace,
  connectDrivers: ConnectDrivers,
): Promise<Engine> {
  const log = createLog({ fields: { role: 'bench' } });
  return startEngine({
    connectionString: place.connectionString,
    stateDirectory: place.directory.root,
    version: 'bench',
    connectDrivers,
    work: unaskedWork,
    clock: systemClock,
    log: { ...log, info: () => undefined, warn: () => undefined },
    onUnfit(reason) {
      throw reason;
    },
  });
}
