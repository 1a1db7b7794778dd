/** For a process that passes large streams on and does hardly anything else. */
import { setFlagsFromString } from 'node:v8';

/**
 * V8 looks for garbage when its young generation is full, of which a buffer takes a few bytes whatever it holds: once that
 * has grown, 64 MB of buffers are left lying. From now on it does not grow.
 */
export function keepGarbageSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
