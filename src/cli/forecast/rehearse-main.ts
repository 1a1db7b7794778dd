/** Rehearses what it is sent, in a thread of its own: `surefoot plan --power` and `--simulate`. */
import { parentPort } from 'node:worker_threads';
import { rehearseAll } from '../../core/rehearsal/rehearse-all.ts';
import type { RehearsalWork } from './rehearse-in-threads.ts';

parentPort?.on('message', ({ plan, traffic, scenarios }: RehearsalWork) =>
  parentPort?.postMessage(rehearseAll(plan, traffic, scenarios)),
);
