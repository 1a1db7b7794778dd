/** The worker process of the edge: serves until its parent is gone or asks it to end. */
import { systemClock } from '../platform/clock.ts';
import { stateDirectoryAt } from '../platform/state-directory.ts';
import { runWorker } from './run-worker.ts';

await runWorker({
  stateDirectory: stateDirectoryAt(process.argv[2] ?? ''),
  clock: systemClock,
});
