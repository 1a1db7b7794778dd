/** Carries out bakes one after the other in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { bake, type Bake } from './bake.ts';

parentPort?.on('message', (work: Bake) => parentPort?.postMessage(bake(work)));
