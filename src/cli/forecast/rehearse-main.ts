/** Rehearses what it is sent, in a thread of its own: `surefoot plan --power` and `--simulate`. */
import { parentPort } from 'node:worker_threads';
import { rehearsalFigures } from '../../core/rehearsal/rehearsal-figures.ts';
import type { RehearsalWork } from './rehearse-in-threads.ts';

parentPort?.on('message', ({ plan, traffic, scenarios }: RehearsalWork) =>
  parentPort?.postMessage(scenarios.map((scenario) => rehearsalFigures(plan, traffic, scenario))),
);
